package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.add;
import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.FIRST_RENEWED;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {
  @TempDir(factory = KeyStoreBackupTest.InMemory.class)
  private Path folder;

  private RecordingKeyStore keys;
  private RecordingStore store;

  @BeforeEach
  void open() throws Exception {
    keys = KeyStores.open(folder.resolve("keystore.p12"));
    store = RecordingStore.open(folder.resolve("recordings"));
  }

  @AfterEach
  void close() throws Exception {
    keys.close();
    store.close();
  }

  @Test
  void impact_countsWhatThisKeyAloneOpens() throws Exception {
    add(keys, "first", FIRST);
    add(keys, "second", SECOND);
    for (int i = 0; i < 12; i++) {
      StoredRecordings.record(store, "first-" + i, certificate(FIRST));
    }
    StoredRecordings.record(store, "both", certificate(FIRST), certificate(SECOND));
    StoredRecordings.record(store, "clear");
    StoredRecordings.record(store, "lost", certificate(EXPIRED));

    DeletionImpact impact = DeletionImpact.of(keys, "FIRST", store);

    assertThat(impact.unreadable()).isEqualTo(12);
    assertThat(impact.examples())
        .hasSize(OrphanReport.MAX_EXAMPLES)
        .allMatch(id -> id.value().startsWith("first-"));
    assertThat(impact.heir()).isEmpty();
    assertThat(impact.now().recordings()).isEqualTo(15);
    assertThat(impact.now().encrypted()).isEqualTo(14);
    assertThat(impact.now().orphans()).isEqualTo(1);
    assertThat(impact.now().examples()).containsExactly(new RecordingId("lost"));
    assertThat(impact.now().missingKeys())
        .containsExactly(
            entry(certificate(EXPIRED).issuer() + " #" + certificate(EXPIRED).serialNumber(), 1L));
    assertThatThrownBy(() -> keys.delete(impact, UnreadableRecordings.REFUSE))
        .isInstanceOf(RecordingKeyStoreException.StillNeeded.class)
        .hasMessageContaining("12 recordings would become unreadable");
    assertThat(keys.entries()).hasSize(2);

    keys.delete(impact, UnreadableRecordings.ACCEPT);

    assertThat(keys.entries()).extracting(KeyEntry::alias).containsExactly("second");
    assertThat(OrphanReport.of(keys, store).orphans()).isEqualTo(13);
    assertThatThrownBy(() -> keys.delete(impact, UnreadableRecordings.ACCEPT))
        .isInstanceOf(RecordingKeyStoreException.AliasUnknown.class);
  }

  @Test
  void aKeyThatNoRecordingNeeds_isDeletedWithoutMore_anExpiredOneStaysUntilThen() throws Exception {
    add(keys, "old", EXPIRED);
    add(keys, "first", FIRST);
    assertThat(keys.entries()).hasSize(2);

    keys.delete(DeletionImpact.of(keys, "old", store), UnreadableRecordings.REFUSE);

    assertThat(keys.entries()).extracting(KeyEntry::alias).containsExactly("first");
  }

  @Test
  void deletingOneOfTwoCertificatesOnAKey_leavesTheOtherItsIdentifiers() throws Exception {
    add(keys, "first", FIRST);
    add(keys, "renewed", FIRST_RENEWED);
    RecordingId recording = StoredRecordings.record(store, "one", certificate(FIRST));
    DeletionImpact impact = DeletionImpact.of(keys, "first", store);
    assertThat(impact.unreadable()).isZero();
    assertThat(impact.heir()).contains("renewed");

    keys.delete(impact, UnreadableRecordings.REFUSE);

    assertThat(keys.find(certificate(FIRST).identifier()).orElseThrow().alias())
        .isEqualTo("renewed");
    assertThat(StoredRecordings.decrypt(
            store, recording, keys.unwrapperForService((entry, outcome) -> {})))
        .isEqualTo(StoredRecordings.media(recording));
    try (RecordingKeyStore reopened = KeyStores.open(folder.resolve("keystore.p12"))) {
      assertThat(reopened.find(certificate(FIRST).identifier())).isPresent();
    }
    DeletionImpact last = DeletionImpact.of(keys, "renewed", store);
    assertThat(last.unreadable()).isEqualTo(1);
    keys.delete(last, UnreadableRecordings.ACCEPT);
    assertThat(keys.find(certificate(FIRST).identifier())).isEmpty();
  }

  @Test
  void anAliasThatIsAnothersByNow_isNotDeleted() throws Exception {
    add(keys, "a", FIRST);
    DeletionImpact impact = DeletionImpact.of(keys, "a", store);
    keys.delete(impact, UnreadableRecordings.REFUSE);
    add(keys, "a", SECOND);

    assertThatThrownBy(() -> keys.delete(impact, UnreadableRecordings.ACCEPT))
        .isInstanceOf(RecordingKeyStoreException.AliasUnknown.class);
    assertThat(keys.entries()).hasSize(1);
  }

  @Test
  void aKeyLimitedToOaep_opensNoPkcs7() throws Exception {
    add(keys, "first", FIRST, KeyLimits.NONE.withOnlyOaep());
    StoredRecordings.record(store, "one", certificate(FIRST));

    assertThat(OrphanReport.of(keys, store).orphans()).isEqualTo(1);
    assertThat(DeletionImpact.of(keys, "first", store).unreadable()).isZero();
  }
}
