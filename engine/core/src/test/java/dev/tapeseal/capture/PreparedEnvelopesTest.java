package dev.tapeseal.capture;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.PARTIES;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.capture.PreparedEnvelopes.Options;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.samples.SampleIdentity;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that were wrapped ahead are as good as others, and none outlives its use. */
class PreparedEnvelopesTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Options FEW = new Options(4, 1, Duration.ofMinutes(1));

  private static List<RecordingCertificate> certificates(SampleIdentity... identities)
      throws Exception {
    List<RecordingCertificate> certificates = new ArrayList<>();
    for (SampleIdentity identity : identities) {
      certificates.add(RecordingCertificate.of(identity.certificate()));
    }
    return certificates;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).as("waited").isLessThan(TimeUnit.SECONDS.toNanos(60));
      Thread.sleep(5);
    }
  }

  private static void awaitReady(PreparedEnvelopes prepared, int ready)
      throws InterruptedException {
    await(() -> prepared.counts().ready() == ready);
  }

  /** What the owner of the first certificate gets out of it. */
  private static String unwrapped(Recipient recipient) throws Exception {
    Cipher rsa = Cipher.getInstance(
        recipient.keyTransport() instanceof KeyTransport.Oaep
            ? "RSA/ECB/OAEPPadding"
            : "RSA/ECB/PKCS1Padding");
    if (recipient.keyTransport() instanceof KeyTransport.Oaep) {
      rsa.init(
          Cipher.DECRYPT_MODE,
          FIRST.privateKey(),
          new OAEPParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    } else {
      rsa.init(Cipher.DECRYPT_MODE, FIRST.privateKey());
    }
    byte[] key = rsa.doFinal(recipient.encryptedKey());
    assertThat(key).hasSize(32);
    return HexFormat.of().formatHex(key);
  }

  @ParameterizedTest
  @EnumSource
  void preparedKeys_areFresh_andWrappedForTheirCertificates(RecordingFormat format)
      throws Exception {
    List<RecordingCertificate> certificates = certificates(FIRST, SECOND);
    try (PreparedEnvelopes prepared = PreparedEnvelopes.start(FEW, RANDOM)) {
      prepared.take(format, certificates).close();
      awaitReady(prepared, 4);
      Set<String> keys = new HashSet<>();
      Set<String> wrapped = new HashSet<>();
      for (int i = 0; i < 4; i++) {
        try (WrappedSessionKey key = prepared.take(format, certificates)) {
          assertThat(key.recipients().stream().map(Recipient::identifier))
              .containsExactly(
                  certificates.get(0).identifier(), certificates.get(1).identifier());
          key.recipients()
              .forEach(
                  recipient -> wrapped.add(HexFormat.of().formatHex(recipient.encryptedKey())));
          keys.add(unwrapped(key.recipients().get(0)));
        }
      }

      assertThat(keys).hasSize(4);
      assertThat(wrapped).hasSize(8);
      assertThat(prepared.counts().prepared()).isEqualTo(4);
      assertThat(prepared.counts().madeAtOnce()).isEqualTo(1);
    }
  }

  @Test
  void otherCertificates_areAnotherSet_whoseKeysAreTheirsAlone() throws Exception {
    try (PreparedEnvelopes prepared = PreparedEnvelopes.start(FEW, RANDOM)) {
      prepared.take(RecordingFormat.PKCS7, certificates(FIRST)).close();
      awaitReady(prepared, 4);

      try (WrappedSessionKey key = prepared.take(RecordingFormat.PKCS7, certificates(SECOND))) {
        assertThat(key.recipients().get(0).identifier())
            .isEqualTo(certificates(SECOND).get(0).identifier());
      }
      try (WrappedSessionKey key = prepared.take(RecordingFormat.SEALED, certificates(FIRST))) {
        assertThat(key.recipients().get(0).keyTransport()).isInstanceOf(KeyTransport.Oaep.class);
      }
      assertThat(prepared.counts().prepared()).isZero();
      try (WrappedSessionKey key =
          prepared.take(RecordingFormat.PKCS7_DETACHED, certificates(FIRST))) {
        assertThat(key.recipients().get(0).keyTransport()).isInstanceOf(KeyTransport.Pkcs1.class);
      }
      assertThat(prepared.counts().prepared()).as("CBC formats share keys").isEqualTo(1);
    }
  }

  @Test
  void setNobodyAsksFor_isDropped() throws Exception {
    AtomicLong nanos = new AtomicLong();
    Options options = new Options(4, 1, Duration.ofMillis(200));
    try (PreparedEnvelopes prepared = PreparedEnvelopes.start(options, RANDOM, nanos::get)) {
      prepared.take(RecordingFormat.PKCS7, certificates(FIRST)).close();
      awaitReady(prepared, 4);

      nanos.set(Duration.ofMillis(201).toNanos());

      await(() -> prepared.counts().sets() == 0);
      assertThat(prepared.counts().ready()).isZero();
    }
  }

  @Test
  void droppedAndClosed_nothingIsReady_andKeysAreMadeAtOnce() throws Exception {
    PreparedEnvelopes prepared = PreparedEnvelopes.start(FEW, RANDOM);
    prepared.take(RecordingFormat.PKCS7, certificates(FIRST)).close();
    awaitReady(prepared, 4);

    prepared.drop();
    assertThat(prepared.counts().ready()).isZero();
    prepared.take(RecordingFormat.PKCS7, certificates(FIRST)).close();
    prepared.close();

    assertThat(prepared.counts().ready()).isZero();
    prepared.take(RecordingFormat.PKCS7, certificates(FIRST)).close();
    assertThat(prepared.counts().prepared()).isZero();
    assertThat(prepared.counts().sets()).isZero();
  }

  @Test
  void moreSetsThanItHasRoomFor_crowdOutTheOldest() throws Exception {
    List<RecordingCertificate> all = certificates(PARTIES.toArray(SampleIdentity[]::new));
    List<List<RecordingCertificate>> pairs = new ArrayList<>();
    for (RecordingCertificate first : all) {
      for (RecordingCertificate second : all) {
        if (!first.equals(second) && pairs.size() <= PreparedEnvelopes.MAX_SETS) {
          pairs.add(List.of(first, second));
        }
      }
    }
    try (PreparedEnvelopes prepared =
        PreparedEnvelopes.start(new Options(1, 1, Duration.ofMinutes(1)), RANDOM)) {
      for (List<RecordingCertificate> pair : pairs) {
        prepared.take(RecordingFormat.PKCS7, pair).close();
      }
      assertThat(prepared.counts().sets()).isEqualTo(PreparedEnvelopes.MAX_SETS);
    }
  }

  @Test
  void numbersOutOfRange_andSetsThatAreNone_areRefused() {
    assertThatThrownBy(() -> new Options(0, 1, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Options(1, 0, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Options(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    try (PreparedEnvelopes prepared = PreparedEnvelopes.start(FEW, RANDOM)) {
      assertThatThrownBy(() -> prepared.take(RecordingFormat.PKCS7, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(prepared.counts().sets()).isZero();
    }
  }
}
