package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.PARTIES;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.samples.CmsEncryption;
import dev.tapeseal.samples.CmsEncryption.ContentCipher;
import dev.tapeseal.samples.CmsEncryption.KeyWrap;
import dev.tapeseal.samples.CmsEncryption.Naming;
import dev.tapeseal.samples.SampleEnvelope;
import dev.tapeseal.samples.SampleIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingReaderTest {
  private static final int PIECE = 65_536;

  static Stream<Arguments> lengthsAndSteps() {
    return Stream.of(
            0,
            1,
            15,
            16,
            17,
            PIECE - 17,
            PIECE - 16,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            2 * PIECE - 16,
            2 * PIECE,
            200_000)
        .flatMap(length -> Stream.of(160, PIECE - 1, PIECE, PIECE + 1, 300_000)
            .map(step -> Arguments.of(length, step)));
  }

  @ParameterizedTest(name = "{0} bytes in reads of {1}")
  @MethodSource("lengthsAndSteps")
  void writtenRecording_isReadBack_inEveryForm_withAndWithoutMac(int length, int step)
      throws IOException {
    byte[] plaintext = randomBytes(length);
    RecordingOptions live = RecordingOptions.live();

    for (RecordingOptions options : List.of(live, live.withPlaintextBytes(length))) {
      for (RecordingOptions authenticated : List.of(options, options.withMac(CONTEXT))) {
        for (MemoryRecording recording :
            List.of(MemoryRecording.seekable(), MemoryRecording.forwardOnly())) {
          Recordings.write(recording, authenticated, plaintext, 4096, FIRST);
          try (RecordingReader reader = open(recording, FIRST)) {
            assertThat(reader.size()).isEqualTo(length);
            assertThat(reader.isAuthenticated()).isEqualTo(authenticated.context() != null);
            assertThat(readAll(reader, step)).isEqualTo(plaintext);
          }
          assertThat(readAsStream(recording, step)).isEqualTo(plaintext);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("envelopesOfOpenSsl")
  void whatOpenSslWrote_isRead_byEveryRecipient(SampleEnvelope sample) throws IOException {
    for (SampleIdentity recipient : sample.recipients()) {
      try (RecordingReader reader = open(MemoryRecording.of(sample.bytes()), recipient)) {
        assertThat(readAll(reader, 1000)).isEqualTo(sample.plaintext());
      }
    }
    assertThat(
            readAsStream(MemoryRecording.of(sample.bytes()), sample.recipients().get(0), 1000))
        .isEqualTo(sample.plaintext());
  }

  static List<SampleEnvelope> envelopesOfOpenSsl() {
    return SampleEnvelope.of(SampleEnvelope.Kind.ENVELOPED);
  }

  static Stream<CmsEncryption> bouncyCastles() {
    CmsEncryption plain = CmsEncryption.to(FIRST, SECOND);
    return Stream.of(
            Stream.of(ContentCipher.values()).map(plain::with),
            Stream.of(KeyWrap.values()).map(plain::with),
            Stream.of(Naming.values()).map(plain::with),
            Stream.of(1, 15, 16, 1000, 4096, PIECE, 100_000).map(plain::inPiecesOf))
        .flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("bouncyCastles")
  void whatBouncyCastleWrote_isRead(CmsEncryption encryption) throws IOException {
    for (int length : new int[] {0, 15, 16, 5000, 150_000}) {
      byte[] plaintext = randomBytes(length);
      MemoryRecording recording = MemoryRecording.of(encryption.encrypt(plaintext));
      try (RecordingReader reader = open(recording, SECOND)) {
        assertThat(readAll(reader, 4000)).isEqualTo(plaintext);
      }
      assertThat(readAsStream(recording, SECOND, 4000)).isEqualTo(plaintext);
    }
  }

  @Test
  void everyOfSixteenRecipients_readsTheSame() throws IOException {
    byte[] plaintext = randomBytes(1000);
    MemoryRecording recording = MemoryRecording.seekable();
    Recordings.write(
        recording, RecordingOptions.live(), plaintext, 160, PARTIES.toArray(SampleIdentity[]::new));

    for (SampleIdentity party : PARTIES) {
      try (RecordingReader reader = open(recording, party)) {
        assertThat(readAll(reader, 1000)).isEqualTo(plaintext);
      }
    }
  }

  static Stream<MemoryRecording> recordingsToSeekIn() throws IOException {
    byte[] plaintext = randomBytes(500_000);
    MemoryRecording definite = MemoryRecording.seekable();
    MemoryRecording indefinite = MemoryRecording.forwardOnly();
    Recordings.write(definite, RecordingOptions.live().withMac(CONTEXT), plaintext, 4096, FIRST);
    Recordings.write(indefinite, RecordingOptions.live().withMac(CONTEXT), plaintext, 4096, FIRST);
    return Stream.of(
        definite,
        indefinite,
        definite.copy().without(RecordingPart.MAC),
        MemoryRecording.of(CmsEncryption.to(FIRST).inPiecesOf(1000).encrypt(plaintext)),
        MemoryRecording.of(CmsEncryption.to(FIRST).inPiecesOf(7).encrypt(plaintext)),
        MemoryRecording.of(Rechunking.pem(CmsEncryption.to(FIRST).encrypt(plaintext), 64, "\n")),
        MemoryRecording.of(
            Rechunking.pem(CmsEncryption.to(FIRST).inPiecesOf(333).encrypt(plaintext), 61, "\r\n")),
        MemoryRecording.of(Rechunking.randomly(definite.media(), new Random(7))));
  }

  @ParameterizedTest
  @MethodSource("recordingsToSeekIn")
  void randomRanges_equalSlicesOfThePlaintext(MemoryRecording recording) throws IOException {
    byte[] plaintext = randomBytes(500_000);
    Random random = new Random(1);
    try (RecordingReader reader = open(recording, FIRST)) {
      for (int i = 0; i < 300; i++) {
        int from = random.nextInt(plaintext.length);
        int length = random.nextInt(i % 10 == 0 ? 200_000 : 2000);
        ByteBuffer range =
            i % 3 == 0 ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        reader.position(from);
        while (range.hasRemaining() && reader.read(range) >= 0) {
          // a read may be short
        }
        byte[] read = new byte[range.position()];
        range.flip().get(read);
        assertThat(read)
            .isEqualTo(
                Arrays.copyOfRange(plaintext, from, Math.min(from + length, plaintext.length)));
      }
    }
  }

  @Test
  void positionsBehindTheEnd_readNothing_andTheChannelIsReadOnly() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    Recordings.write(recording, RecordingOptions.live(), randomBytes(100), 160, FIRST);
    RecordingReader reader = open(recording, FIRST);

    assertThat(reader.position(100).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(reader.position(Long.MAX_VALUE).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(reader.position(99).read(ByteBuffer.allocate(5))).isEqualTo(1);
    assertThat(reader.position()).isEqualTo(100);
    assertThatExceptionOfType(NonWritableChannelException.class)
        .isThrownBy(() -> reader.write(ByteBuffer.allocate(1)));
    assertThatExceptionOfType(NonWritableChannelException.class)
        .isThrownBy(() -> reader.truncate(0));
    reader.close();
    reader.close();
    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(() -> reader.read(ByteBuffer.allocate(1)));
    assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(reader::size);
  }

  @ParameterizedTest
  @EnumSource
  void otherMessages_areRefusedByName(SampleEnvelope sample) {
    switch (sample.kind()) {
      case ENVELOPED -> {}
      case OTHER_CIPHER -> assertUnsupported(sample, "triple DES");
      case OTHER_KEY_MANAGEMENT -> assertUnsupported(sample, "key agreement");
      case AUTHENTICATED -> assertUnsupported(sample, "AuthEnvelopedData");
      case OTHER_CONTENT -> assertUnsupported(sample, "Data (expected: EnvelopedData)");
    }
  }

  private static void assertUnsupported(SampleEnvelope sample, String name) {
    assertThatExceptionOfType(EnvelopeException.Unsupported.class)
        .isThrownBy(() -> open(MemoryRecording.of(sample.bytes()), FIRST))
        .withMessageContaining(name);
  }

  @Test
  void keyOfNobody_isToldWhoseWouldDo() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    Recordings.write(recording, RecordingOptions.live(), randomBytes(100), 160, FIRST);

    assertThatExceptionOfType(EnvelopeException.NoMatchingKey.class)
        .isThrownBy(() -> open(recording, SECOND))
        .satisfies(e -> assertThat(e.recipients()).hasSize(1));
  }

  static Stream<Arguments> notEnvelopes() {
    return Stream.of(
        Arguments.of("", "0 bytes"),
        Arguments.of("ID3\u0004 and music", "starts with 49 44 33 04"),
        Arguments.of("RIFF....WAVEfmt ", "starts with 52 49 46 46"),
        Arguments.of(
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            "PEM with a CERTIFICATE"),
        Arguments.of("-----BEGIN CMS-----\nMI*B\n-----END CMS-----\n", "character 2a in base64"),
        Arguments.of(
            "-----BEGIN CMS-----\nMIIBA\n-----END CMS-----\n", "base64 ends within a byte"),
        Arguments.of("Subject: hello\n\nworld", "mail without Content-Transfer-Encoding base64"),
        Arguments.of("0", "the message ends here"),
        Arguments.of(
            "0\u0003\u0002\u0001\u0000", "expected the content type (tag 06), found tag 02"));
  }

  @ParameterizedTest
  @MethodSource("notEnvelopes")
  void whatIsNoEnvelope_isSaidSo(String text, String message) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);

    assertThatExceptionOfType(EnvelopeException.class)
        .isThrownBy(() -> open(MemoryRecording.of(bytes), FIRST))
        .withMessageContaining(message);
    assertThatExceptionOfType(EnvelopeException.class)
        .isThrownBy(() -> readAsStream(MemoryRecording.of(bytes), 10))
        .withMessageContaining(message);
  }

  static RecordingReader open(MemoryRecording recording, SampleIdentity identity)
      throws IOException {
    return RecordingReader.open(
        recording, new PrivateKeyUnwrapper(identity), RecordingExpectation.none());
  }

  static byte[] readAsStream(MemoryRecording recording, int step) throws IOException {
    return readAsStream(recording, FIRST, step);
  }

  /** Hides that the channel could be positioned. */
  private static byte[] readAsStream(MemoryRecording recording, SampleIdentity identity, int step)
      throws IOException {
    try (RecordingStream stream = RecordingReader.openStream(
        Channels.newChannel(new ByteArrayInputStream(recording.media())),
        recording,
        new PrivateKeyUnwrapper(identity),
        RecordingExpectation.none())) {
      return readAll(stream, step);
    }
  }
}
