package dev.tapeseal.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code .mac} file byte by byte, computed a second time from its description, by JCA. */
class MacFormatTest {
  private static final byte[] KEY =
      HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));
  private static final byte[] IV = HexFormat.of().parseHex("0f0e0d0c0b0a09080706050403020100");

  @ParameterizedTest
  @ValueSource(ints = {16, 65_536, 65_552, 131_072, 200 * 65_536})
  void fileIsWhatItsDescriptionSays(int ciphertextBytes) throws Exception {
    byte[] ciphertext = new byte[ciphertextBytes];
    Arrays.fill(ciphertext, (byte) 7);

    byte[] file = Cbc.mac(ContentEncryptionKey.copyOf(KEY), IV, ciphertext);

    byte[] header = Arrays.copyOf(file, 56);
    byte[] id = Arrays.copyOfRange(file, 8, 24);
    ByteBuffer expected = ByteBuffer.allocate(file.length).put(header);
    byte[] pseudorandomKey = hmac(id, KEY);
    byte[] macKey =
        hmac(pseudorandomKey, "tapeseal/mac/1\u0001".getBytes(StandardCharsets.US_ASCII));
    int pieces = (ciphertextBytes + 65_535) / 65_536;
    for (int i = 0; i < pieces; i++) {
      byte[] octets =
          Arrays.copyOfRange(ciphertext, i * 65_536, Math.min((i + 1) * 65_536, ciphertextBytes));
      byte[] number = ByteBuffer.allocate(4).putInt(i).array();
      byte[] last = {(byte) (i == pieces - 1 ? 1 : 0)};
      expected.put(hmac(macKey, header, IV, number, last, octets));
    }
    assertThat(file).isEqualTo(expected.array());
  }

  private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HMAC"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  @Test
  void headerHasItsFieldsInTheirPlaces() throws Exception {
    RecordingContext context = new RecordingContext("Environment", "r-1", "audio/mp3", "Grüße");
    byte[] header = MacHeader.generate(context, new SecureRandom()).encoded();

    assertThat(header).hasSize(56);
    assertThat(Arrays.copyOf(header, 8)).isEqualTo(HexFormat.of().parseHex("54534d3101010000"));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String part : new String[] {"Environment", "r-1", "audio/mp3", "Grüße"}) {
      byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
      digest.update(new byte[] {0, 0, 0, (byte) utf8.length});
      digest.update(utf8);
    }
    assertThat(Arrays.copyOfRange(header, 24, 56)).isEqualTo(digest.digest());
    MacHeader parsed = MacHeader.parse(ByteBuffer.wrap(header));
    assertThat(parsed.isBoundTo(context)).isTrue();
    assertThat(parsed.isBoundTo(RecordingContext.UNKNOWN)).isFalse();
    assertThat(parsed.encoded()).isEqualTo(header);
  }

  @Test
  void partsOfAContext_cannotBeShiftedIntoEachOther() {
    assertThat(new RecordingContext("ab", "c", "", "").digest())
        .isNotEqualTo(new RecordingContext("a", "bc", "", "").digest());
  }

  @ParameterizedTest
  @CsvSource({
    "0,  58, starts with 58 53 4d 31",
    "4,  02, 'version 2, suite 1, reserved 0'",
    "5,  09, 'version 1, suite 9, reserved 0'",
    "7,  01, 'version 1, suite 1, reserved 1'"
  })
  void otherHeaders_areRefused(int at, String octet, String message) throws IOException {
    byte[] file = Cbc.mac(ContentEncryptionKey.copyOf(KEY), IV, new byte[16]);
    file[at] = HexFormat.of().parseHex(octet)[0];

    assertThatExceptionOfType(DamagedContentException.class)
        .isThrownBy(() -> MacReader.open(new BytesChannel(file)))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 bytes", "55, 55 bytes", "57, 1 bytes of tags", "87, 31 bytes of tags"})
  void cutFiles_areRefused(int length, String message) throws IOException {
    byte[] file = Cbc.mac(ContentEncryptionKey.copyOf(KEY), IV, new byte[16]);

    assertThatExceptionOfType(DamagedContentException.class)
        .isThrownBy(() -> MacReader.open(new BytesChannel(Arrays.copyOf(file, length))))
        .withMessageContaining(message);
  }
}
