package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.add;
import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.keystore.StoredRecordings.decrypt;
import static dev.tapeseal.keystore.StoredRecordings.media;
import static dev.tapeseal.keystore.StoredRecordings.record;
import static dev.tapeseal.samples.SampleCertificates.CHAINED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.keystore.CatalogRewrap.Mode;
import dev.tapeseal.keystore.RewrapOutcome.Result;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.WatchedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is retired: what it covers is put under another, whatever happens on the way. */
class CatalogRewrapTest {
  @TempDir(factory = KeyStoreBackupTest.InMemory.class)
  private Path folder;

  private static BareKeys key(SampleIdentity identity) throws Exception {
    return BareKeys.read(List.of(identity.keyPath()), List.of(), null);
  }

  private static RewrapReport rewrap(RecordingStore store, SampleIdentity from, SampleIdentity to)
      throws Exception {
    try (BareKeys keys = key(from)) {
      return CatalogRewrap.of(store, keys.keysForRewrap(), List.of(certificate(to)))
          .run(RecordingQuery.ALL.withLimit(2), Mode.CHANGE, outcome -> {});
    }
  }

  private static List<RecordingId> recordOneOfEachFormat(RecordingStore store) throws IOException {
    List<RecordingId> ids = new ArrayList<>();
    for (RecordingFormat format : RecordingFormat.values()) {
      ids.add(record(store, "first-" + format.label(), format, certificate(FIRST)));
    }
    return ids;
  }

  @Test
  void everyFormat_isPutUnderTheNewCertificate_andItsMetadataSaySo() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"));
        BareKeys first = key(FIRST);
        BareKeys second = key(SECOND)) {
      List<RecordingId> ids = recordOneOfEachFormat(store);
      record(store, "others", certificate(CHAINED));
      record(store, "clear");
      List<RewrapOutcome> told = new ArrayList<>();

      RewrapReport report = CatalogRewrap.of(
              store, first.keysForRewrap(), List.of(certificate(SECOND)))
          .run(RecordingQuery.ALL.withLimit(2), Mode.CHANGE, told::add);

      assertThat(report.recordings()).isEqualTo(5);
      assertThat(report.count(Result.REWRAPPED)).isEqualTo(3);
      assertThat(report.count(Result.NOT_COVERED)).isEqualTo(1);
      assertThat(report.count(Result.CLEAR)).isEqualTo(1);
      assertThat(report.failures()).isEmpty();
      assertThat(told).hasSize(5);
      for (RecordingId id : ids) {
        assertThat(decrypt(store, id, second)).isEqualTo(media(id));
        assertThatExceptionOfType(EnvelopeException.class)
            .isThrownBy(() -> decrypt(store, id, first));
        Recording recording = store.find(id).orElseThrow();
        assertThat(recipients(recording)).containsExactly(certificate(SECOND).publicKeySha256());
        assertThat(store.query(RecordingQuery.ALL).recordings()).contains(recording);
      }
    }
  }

  private static List<String> recipients(Recording recording) {
    MediaFile file = recording.mediaFiles().get(0);
    return Objects.requireNonNull(file.encryption(), "it is encrypted").recipients().stream()
        .map(recipient -> String.valueOf(recipient.publicKeySha256()))
        .toList();
  }

  @Test
  void secondRun_changesNothing_andNeedsNoKeyOfTheNewCertificate() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"))) {
      recordOneOfEachFormat(store);
      rewrap(store, FIRST, SECOND);
      List<Object> before = state();

      RewrapReport again = rewrap(store, FIRST, SECOND);

      assertThat(again.count(Result.ALREADY_REWRAPPED)).isEqualTo(3);
      assertThat(again.count(Result.REWRAPPED)).isZero();
      assertThat(state()).isEqualTo(before);
    }
  }

  @Test
  void dryRun_opensEverything_andChangesNothing() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"));
        BareKeys keys = key(FIRST)) {
      List<RecordingId> ids = recordOneOfEachFormat(store);
      damage(ids.get(0));
      List<Object> before = state();

      RewrapReport report = CatalogRewrap.of(
              store, keys.keysForRewrap(), List.of(certificate(SECOND)))
          .run(RecordingQuery.ALL, Mode.DRY_RUN, outcome -> {});

      assertThat(report.count(Result.REWRAPPED)).isEqualTo(2);
      assertThat(report.count(Result.FAILED)).isEqualTo(1);
      assertThat(state()).isEqualTo(before);
    }
  }

  @Test
  void damagedRecording_staysAsItIs_andTheOthersGoOn() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"))) {
      List<RecordingId> ids = recordOneOfEachFormat(store);
      damage(ids.get(0));

      RewrapReport report = rewrap(store, FIRST, SECOND);

      assertThat(report.count(Result.REWRAPPED)).isEqualTo(2);
      assertThat(report.failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.recording()).isEqualTo(ids.get(0)))
          .satisfies(failure -> assertThat(failure.reason()).isNotEmpty());
      assertThat(recipients(store.find(ids.get(0)).orElseThrow()))
          .containsExactly(certificate(FIRST).publicKeySha256());
    }
  }

  private void damage(RecordingId id) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Path media = files
          .filter(file -> file.getFileName().toString().equals(id + ".mp3"))
          .findFirst()
          .orElseThrow();
      byte[] bytes = Files.readAllBytes(media);
      bytes[bytes.length - 1] ^= 1;
      Files.write(media, bytes);
    }
  }

  @Test
  void onlyWhatACertificateCovers_isRewrapped_andWhatNoKeyOpensFails() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"));
        RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
      add(keys, "first", FIRST);
      add(keys, "second", SECOND);
      RecordingId first = record(store, "first", certificate(FIRST));
      RecordingId second = record(store, "second", certificate(SECOND));
      record(store, "chained", certificate(CHAINED));
      CatalogRewrap all =
          CatalogRewrap.of(store, keys.keysForRewrap(), List.of(certificate(SECOND)));

      RewrapReport ofFirst =
          all.covering(certificate(FIRST)).run(RecordingQuery.ALL, Mode.CHANGE, outcome -> {});
      RewrapReport ofChained =
          all.covering(certificate(CHAINED)).run(RecordingQuery.ALL, Mode.CHANGE, outcome -> {});

      assertThat(ofFirst.count(Result.REWRAPPED)).isEqualTo(1);
      assertThat(ofFirst.count(Result.ALREADY_REWRAPPED)).isEqualTo(1);
      assertThat(ofFirst.count(Result.NOT_COVERED)).isEqualTo(1);
      assertThat(ofChained.count(Result.FAILED)).isEqualTo(1);
      assertThat(ofChained.failures().get(0).reason()).contains("no private key");
      assertThat(DeletionImpact.of(keys, "first", store).unreadable()).isZero();
      assertThat(DeletionImpact.of(keys, "second", store).unreadable()).isEqualTo(2);
      assertThat(recipients(store.find(first).orElseThrow()))
          .isEqualTo(recipients(store.find(second).orElseThrow()));
    }
  }

  @Test
  void unknownRecording_isNotFound_andAKnownOneIsRewrappedAlone() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"));
        BareKeys keys = key(FIRST)) {
      List<RecordingId> ids = recordOneOfEachFormat(store);
      CatalogRewrap rewrap =
          CatalogRewrap.of(store, keys.keysForRewrap(), List.of(certificate(SECOND)));

      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> rewrap.run(new RecordingId("nobody"), Mode.CHANGE, outcome -> {}));
      assertThat(rewrap.run(ids.get(1), Mode.CHANGE, outcome -> {}).recordings())
          .isEqualTo(1);
      assertThat(recipients(store.find(ids.get(0)).orElseThrow()))
          .containsExactly(certificate(FIRST).publicKeySha256());
    }
  }

  /** The disk is gone from some change on, as for a process that is killed there. */
  @Test
  void runThatEndsAnywhere_leavesEveryFileToAKey_andTheNextRunFinishesIt() throws Exception {
    int interrupted = 0;
    boolean ended = true;
    for (int last = 0; ended; last += 3) {
      Path recordings = folder.resolve("recordings-" + last);
      List<RecordingId> ids;
      try (RecordingStore store = RecordingStore.open(recordings)) {
        ids = recordOneOfEachFormat(store);
      }
      int[] left = {Integer.MAX_VALUE};
      try (RecordingStore store = WatchedDisk.openStore(recordings, (change, path) -> {
        if (left[0]-- <= 0) {
          throw new IOException("the disk is gone");
        }
      })) {
        left[0] = last;
        ended = rewrap(store, FIRST, SECOND).count(Result.FAILED) > 0;
      } catch (IOException e) {
        assertThat(e).hasStackTraceContaining("the disk is gone"); // closing needs it, too
      }
      interrupted += ended ? 1 : 0;

      try (RecordingStore store = RecordingStore.open(recordings);
          BareKeys either =
              BareKeys.read(List.of(FIRST.keyPath(), SECOND.keyPath()), List.of(), null);
          BareKeys second = key(SECOND)) {
        for (RecordingId id : ids) {
          assertThat(decrypt(store, id, either)).as("end at change " + last).isEqualTo(media(id));
        }
        RewrapReport resumed = rewrap(store, FIRST, SECOND);
        assertThat(resumed.count(Result.REWRAPPED) + resumed.count(Result.ALREADY_REWRAPPED))
            .as("end at change " + last)
            .isEqualTo(3);
        for (RecordingId id : ids) {
          assertThat(decrypt(store, id, second)).as("end at change " + last).isEqualTo(media(id));
          assertThat(recipients(store.find(id).orElseThrow()))
              .as("end at change " + last)
              .containsExactly(certificate(SECOND).publicKeySha256());
        }
      }
    }
    assertThat(interrupted).isGreaterThan(10);
  }

  /** Every file of the store but its catalog's, and what is in it. */
  private List<Object> state() throws IOException {
    List<Object> state = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.toString().contains("catalog.db") && !file.toString().contains(".writers")) {
          state.add(file.toString());
          state.add(Files.getLastModifiedTime(file));
        }
      }
    }
    return state;
  }
}
