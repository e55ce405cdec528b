package dev.tapeseal.envelope;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.content.CbcEncryptor;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.Piece;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.samples.CmsOracle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hex dumps of engine/FORMATS.md are what is read and written today, and so are the numbers in its text. */
class FormatsDocumentTest {
  private static final byte[] PLAINTEXT = "Hello, recording".getBytes(StandardCharsets.US_ASCII);
  private static final int ENCRYPTED_KEY_OFFSET = 0xca;
  private static final int ENCRYPTED_KEY_BYTES = 256;
  private static final int IV_OFFSET = 0x1e6;
  private static final int MAC_ID_OFFSET = 8;

  private String document = "";
  private MemoryRecording dumped = MemoryRecording.seekable();

  @BeforeEach
  void readDocument() throws IOException {
    FormatsDocument read = FormatsDocument.read();
    document = read.text();
    dumped = MemoryRecording.of(read.dumpThatBegins("30 82 02 14"))
        .with(RecordingPart.MAC, read.dumpThatBegins("54 53 4d 31"));
  }

  @Test
  void dumps_areReadAsTheRecordingThatTheyShow() throws Exception {
    try (RecordingReader reader = RecordingReader.open(
        dumped,
        new PrivateKeyUnwrapper(FIRST),
        RecordingExpectation.authenticated(RecordingContext.UNKNOWN))) {
      assertThat(reader.isAuthenticated()).isTrue();
      assertThat(Recordings.readAll(reader, 100)).isEqualTo(PLAINTEXT);
    }
    assertThat(CmsOracle.decrypt(dumped.media(), FIRST)).isEqualTo(PLAINTEXT);
    assertThat(document)
        .contains("The 16 bytes `" + new String(PLAINTEXT, StandardCharsets.US_ASCII) + "`");
  }

  /** By the same session key, IV and id, all is written again but the encrypted key, whose padding RSA draws itself. */
  @Test
  void dumps_areWrittenAgain() throws Exception {
    byte[] media = dumped.media();
    byte[] mac = dumped.bytes(RecordingPart.MAC);
    byte[] sessionKey;
    List<Recipient> recipients = EnvelopeInfo.of(dumped).recipients();
    try (ContentEncryptionKey key = new PrivateKeyUnwrapper(FIRST).unwrap(recipients, 256)) {
      sessionKey = key.copyBytes();
    }
    ReplayedRandom random = new ReplayedRandom(
        sessionKey,
        Arrays.copyOfRange(media, IV_OFFSET, IV_OFFSET + CbcEncryptor.BLOCK_BYTES),
        Arrays.copyOfRange(mac, MAC_ID_OFFSET, MAC_ID_OFFSET + 16));

    MemoryRecording written = MemoryRecording.seekable();
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        WrappedSessionKey.generate(
            RecordingFormat.PKCS7, List.of(Recordings.certificate(FIRST)), random),
        written,
        RecordingOptions.live()
            .withMac(RecordingContext.UNKNOWN)
            .withPlaintextBytes(PLAINTEXT.length),
        random)) {
      writer.write(ByteBuffer.wrap(PLAINTEXT));
    }

    assertThat(random.isUsedUp()).isTrue();
    assertThat(written.bytes(RecordingPart.MAC)).isEqualTo(mac);
    assertThat(withoutEncryptedKey(written.media())).isEqualTo(withoutEncryptedKey(media));
  }

  private static byte[] withoutEncryptedKey(byte[] envelope) {
    byte[] masked = envelope.clone();
    Arrays.fill(masked, ENCRYPTED_KEY_OFFSET, ENCRYPTED_KEY_OFFSET + ENCRYPTED_KEY_BYTES, (byte) 0);
    return masked;
  }

  @Test
  void numbersInTheText_areThoseOfTheCode() throws Exception {
    assertThat(document)
        .contains("for every " + number(Piece.BYTES) + " octets of the ciphertext")
        .contains("OCTET STRINGs of " + number(Piece.BYTES) + " octets")
        .contains("encryptedKey }     1 to " + WrappedSessionKey.MAX_RECIPIENTS)
        .contains("definite, first octet `85` and five more");
    byte[] patched = inForm(LengthForm.DEFINITE);
    assertThat(HexFormat.of().formatHex(patched)).startsWith("308500");
    assertThat(HexFormat.of().formatHex(inForm(LengthForm.DER))).startsWith("3083");
    assertThat(HexFormat.of().formatHex(inForm(LengthForm.INDEFINITE)))
        .startsWith("3080")
        .endsWith("0000".repeat(5));
  }

  private static byte[] inForm(LengthForm form) throws IOException {
    return Recordings.inForm(form, RecordingOptions.live(), new byte[100_000], 1000, FIRST)
        .media();
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
