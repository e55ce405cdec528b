package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.samples.CmsOracle;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Formats whose envelope is a file of its own: what is written comes back, and what does not belong is refused. */
class FormatsTest {
  private static final int PIECE = 65_536;

  @TempDir
  private Path folder;

  static Stream<Arguments> formatsAndLengths() {
    return Stream.of(RecordingFormat.PKCS7_DETACHED, RecordingFormat.SEALED)
        .flatMap(format -> Stream.of(
                0,
                1,
                15,
                16,
                17,
                PIECE - 185,
                PIECE - 184,
                PIECE - 183,
                PIECE,
                PIECE + 1,
                2 * PIECE - 200,
                2 * PIECE - 199,
                3 * PIECE + 17)
            .map(length -> Arguments.of(format, length)));
  }

  @ParameterizedTest(name = "{0}, {1} bytes")
  @MethodSource("formatsAndLengths")
  void whatIsWritten_comesBack_wholeByRangeAndFromAPipe(RecordingFormat format, int length)
      throws IOException {
    byte[] plaintext = randomBytes(length);
    for (boolean announced : new boolean[] {false, true}) {
      for (MemoryRecording recording :
          List.of(MemoryRecording.seekable(), MemoryRecording.forwardOnly())) {
        RecordingOptions options = RecordingOptions.live().withMac(CONTEXT);
        RecordingFacts facts = Recordings.write(
            format,
            recording,
            announced ? options.withPlaintextBytes(length) : options,
            plaintext,
            1000,
            FIRST,
            SECOND);

        assertThat(facts.plaintextBytes()).isEqualTo(length);
        assertThat(facts.mediaBytes()).isEqualTo(recording.media().length);
        for (SampleIdentity reading : List.of(FIRST, SECOND)) {
          try (RecordingReader reader = RecordingReaderTest.open(recording, reading);
              RecordingStream stream =
                  Recordings.openStream(recording, new PrivateKeyUnwrapper(reading))) {
            assertThat(reader.format()).isEqualTo(format);
            assertThat(reader.isAuthenticated()).isTrue();
            assertThat(reader.size()).isEqualTo(length);
            assertThat(readAll(reader, 7000)).isEqualTo(plaintext);
            assertThat(readAll(reader.position(length / 2), 100))
                .isEqualTo(Arrays.copyOfRange(plaintext, length / 2, length));
            assertThat(stream.isAuthenticated()).isTrue();
            assertThat(readAll(stream, 7000)).isEqualTo(plaintext);
          }
        }
      }
    }
  }

  @Test
  void openSsl_readsADetachedRecording() throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    byte[] plaintext = randomBytes(2 * PIECE + 17);
    MemoryRecording recording = written(RecordingFormat.PKCS7_DETACHED, plaintext);
    Path content = Files.write(folder.resolve("x.bin"), recording.media());
    Path envelope = Files.write(folder.resolve("x.p7"), recording.bytes(RecordingPart.ENVELOPE));

    byte[] decrypted = OpenSsl.run(
        "cms",
        "-decrypt",
        "-inform",
        "DER",
        "-in",
        envelope.toString(),
        "-content",
        content.toString(),
        "-recip",
        FIRST.certificatePath().toString(),
        "-inkey",
        FIRST.keyPath().toString());

    assertThat(decrypted).isEqualTo(plaintext);
  }

  @Test
  void openSslAndBouncyCastle_readASealedRecordingsKeys() throws IOException {
    MemoryRecording recording = written(RecordingFormat.SEALED, randomBytes(100));
    byte[] envelope = recording.bytes(RecordingPart.KEY_ENVELOPE);

    String keys = new String(CmsOracle.decrypt(envelope, SECOND), UTF_8);

    assertThat(keys)
        .contains("\"version\":1", "\"tenant\":\"Environment\"", "\"track\":\"call\"")
        .containsPattern("\"fileId\":\"[0-9a-f]{32}\"")
        .containsPattern("\"sessionKey\":\"[0-9a-f]{64}\"");
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    Path file = Files.write(folder.resolve("x.p7k"), envelope);
    assertThat(OpenSsl.decrypt(OpenSsl.Command.CMS, file, FIRST)).asString().isEqualTo(keys);
  }

  @Test
  void keyEnvelopeMadeByOpenSsl_isRead_inDerAndPem() throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    byte[] plaintext = randomBytes(PIECE);
    MemoryRecording recording = written(RecordingFormat.SEALED, plaintext);
    Path keys = folder.resolve("keys.json");
    Files.write(keys, CmsOracle.decrypt(recording.bytes(RecordingPart.KEY_ENVELOPE), FIRST));
    for (String form : List.of("DER", "PEM")) {
      byte[] envelope = OpenSsl.run(
          "cms",
          "-encrypt",
          "-binary",
          "-aes-256-gcm",
          "-outform",
          form,
          "-in",
          keys.toString(),
          "-recip",
          SECOND.certificatePath().toString(),
          "-keyopt",
          "rsa_padding_mode:oaep",
          "-keyopt",
          "rsa_oaep_md:sha256");
      MemoryRecording rescued = recording.copy().with(RecordingPart.KEY_ENVELOPE, envelope);
      try (RecordingReader reader = RecordingReaderTest.open(rescued, SECOND)) {
        assertThat(readAll(reader, PIECE)).isEqualTo(plaintext);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PKCS7")
  void noChangeOfAnEnvelope_givesOtherPlaintext(RecordingFormat format) throws IOException {
    byte[] plaintext = randomBytes(100);
    MemoryRecording recording = written(format, plaintext);
    RecordingPart part = requireNonNull(format.envelope());
    byte[] envelope = recording.bytes(part);
    int refused = 0;
    for (int at = 0; at < envelope.length; at++) {
      byte[] changed = envelope.clone();
      changed[at] ^= (byte) (1 << at % Byte.SIZE);
      try (RecordingReader reader =
          RecordingReaderTest.open(recording.copy().with(part, changed), FIRST)) {
        assertThat(readAll(reader, 100)).as("byte %d", at).isEqualTo(plaintext);
      } catch (EnvelopeException e) {
        refused++;
      }
    }
    // what is left are the second recipient's bytes and a few that nobody reads
    assertThat(refused).isGreaterThan(envelope.length / 3);
    for (int length = 0; length < envelope.length; length++) {
      MemoryRecording cut = recording.copy().with(part, Arrays.copyOf(envelope, length));
      assertThatExceptionOfType(EnvelopeException.class)
          .as("cut to %d bytes", length)
          .isThrownBy(() -> RecordingReaderTest.open(cut, FIRST));
    }
  }

  @Test
  void envelopeOfAnotherRecording_isRefused() throws IOException {
    for (RecordingFormat format : List.of(RecordingFormat.PKCS7_DETACHED, RecordingFormat.SEALED)) {
      RecordingPart part = requireNonNull(format.envelope());
      MemoryRecording recording = written(format, randomBytes(1000));
      MemoryRecording swapped =
          recording.copy().with(part, written(format, randomBytes(1000)).bytes(part));

      assertThatExceptionOfType(EnvelopeException.Damaged.class)
          .isThrownBy(() -> RecordingReaderTest.open(swapped, FIRST));
      assertThatExceptionOfType(EnvelopeException.Damaged.class).isThrownBy(() -> {
        try (RecordingStream stream =
            Recordings.openStream(swapped, new PrivateKeyUnwrapper(FIRST))) {
          readAll(stream, 100);
        }
      });
    }
  }

  @Test
  void missingEnvelope_isSaid() throws IOException {
    MemoryRecording sealed =
        written(RecordingFormat.SEALED, randomBytes(10)).without(RecordingPart.KEY_ENVELOPE);
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> RecordingReaderTest.open(sealed, FIRST))
        .withMessageContaining(".p7k file, is missing");
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> Recordings.openStream(sealed, new PrivateKeyUnwrapper(FIRST)))
        .withMessageContaining(".p7k file, is missing");

    MemoryRecording detached = written(RecordingFormat.PKCS7_DETACHED, randomBytes(10));
    MemoryRecording envelopeAlone = MemoryRecording.of(detached.bytes(RecordingPart.ENVELOPE));
    assertThatExceptionOfType(EnvelopeException.Unsupported.class)
        .isThrownBy(() -> RecordingReaderTest.open(envelopeAlone, FIRST))
        .withMessageContaining("without content");
  }

  @Test
  void envelopeOfTheOtherKind_isRefused_byItsName() throws IOException {
    MemoryRecording sealed = written(RecordingFormat.SEALED, randomBytes(10));
    MemoryRecording detached = written(RecordingFormat.PKCS7_DETACHED, randomBytes(10));
    MemoryRecording attached = written(RecordingFormat.PKCS7, randomBytes(10));

    assertUnsupported(
        sealed.copy().with(RecordingPart.KEY_ENVELOPE, detached.bytes(RecordingPart.ENVELOPE)),
        "EnvelopedData (expected: AuthEnvelopedData)");
    assertUnsupported(
        detached.copy().with(RecordingPart.ENVELOPE, sealed.bytes(RecordingPart.KEY_ENVELOPE)),
        "AuthEnvelopedData (expected: EnvelopedData)");
    assertUnsupported(
        detached.copy().with(RecordingPart.ENVELOPE, attached.media()), "has content of its own");
  }

  private static void assertUnsupported(MemoryRecording recording, String message) {
    assertThatExceptionOfType(EnvelopeException.Unsupported.class)
        .isThrownBy(() -> RecordingReaderTest.open(recording, FIRST))
        .withMessageContaining(message);
  }

  @Test
  void anotherSealedRecordingInItsPlace_isRefused_byWhoeverKnowsItsIds() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    RecordingFacts facts = Recordings.write(
        RecordingFormat.SEALED,
        recording,
        RecordingOptions.live().withMac(CONTEXT),
        new byte[9],
        9,
        FIRST);
    RecordingExpectation known =
        RecordingExpectation.ofCatalog(CONTEXT, facts.macId(), facts.fileId(), facts.commitment());
    try (RecordingReader reader = open(recording, known)) {
      assertThat(reader.size()).isEqualTo(9);
    }

    assertRefused(written(RecordingFormat.SEALED, new byte[9]), known, "file id");
    assertRefused(written(RecordingFormat.PKCS7_DETACHED, new byte[9]), known, "is not sealed");
    assertRefused(written(RecordingFormat.PKCS7, new byte[9]), known, "is not sealed");
    assertRefused(
        recording,
        RecordingExpectation.authenticated(
            new RecordingContext("Environment", "recording-2", "audio/mp3", "call")),
        "another context");
    assertRefused(
        recording, RecordingExpectation.authenticated(CONTEXT).withMacId("00"), "is sealed");
  }

  private static RecordingReader open(MemoryRecording recording, RecordingExpectation expectation)
      throws IOException {
    return RecordingReader.open(recording, new PrivateKeyUnwrapper(FIRST), expectation);
  }

  private static void assertRefused(
      MemoryRecording found, RecordingExpectation expected, String message) {
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> open(found, expected))
        .withMessageContaining(message);
  }

  @Test
  void info_saysWhatThereIs_withoutAnyKey() throws IOException {
    EnvelopeInfo sealed = EnvelopeInfo.of(written(RecordingFormat.SEALED, randomBytes(2 * PIECE)));
    assertThat(sealed.format()).isEqualTo(RecordingFormat.SEALED);
    assertThat(sealed.contentCipher()).isEqualTo("AES-256-GCM");
    assertThat(sealed.recipients()).hasSize(2);
    assertThat(sealed.recipients().get(0).keyTransport()).hasToString("RSAES-OAEP SHA-256");
    assertThat(sealed.minPlaintextBytes()).isEqualTo(2 * PIECE);
    assertThat(sealed.maxPlaintextBytes()).isEqualTo(2 * PIECE);
    assertThat(requireNonNull(sealed.sealed()).segments()).isEqualTo(3);
    assertThat(sealed.isAuthenticated()).isTrue();

    EnvelopeInfo detached =
        EnvelopeInfo.of(written(RecordingFormat.PKCS7_DETACHED, randomBytes(100)));
    assertThat(detached.format()).isEqualTo(RecordingFormat.PKCS7_DETACHED);
    assertThat(detached.form()).isEqualTo(LengthForm.DER);
    assertThat(detached.headerBytes()).isZero();
    assertThat(detached.ciphertextBytes()).isEqualTo(112);
    assertThat(detached.isAuthenticated()).isTrue();
  }

  @Test
  void sessionKeyOfAnotherFormat_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordingWriter.open(
            RecordingFormat.SEALED,
            Recordings.sessionKey(List.of(FIRST)),
            MemoryRecording.seekable(),
            RecordingOptions.live(),
            Recordings.RANDOM))
        .withMessageContaining("wrapped for pkcs7");
  }

  private static MemoryRecording written(RecordingFormat format, byte[] plaintext)
      throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    Recordings.write(
        format,
        recording,
        RecordingOptions.live().withMac(CONTEXT),
        plaintext,
        1000,
        FIRST,
        SECOND);
    return recording;
  }
}
