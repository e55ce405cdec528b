package dev.tapeseal.keystore;

import dev.tapeseal.certificate.PemBlock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.crypto.generators.OpenSSLPBEParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSL's traditional encryption of a PEM block: {@code Proc-Type: 4,ENCRYPTED} and {@code DEK-Info: cipher,IV}
 * (RFC 1421), the key derived by one round of MD5 over password and the IV's first 8 bytes.
 */
final class PemEncryption {
  private static final String PROC_TYPE = "Proc-Type";
  private static final String DEK_INFO = "DEK-Info";
  private static final int SALT_BYTES = 8;

  private PemEncryption() {}

  static boolean isDeclared(PemBlock block) {
    return block.headers().containsKey(PROC_TYPE) || block.headers().containsKey(DEK_INFO);
  }

  static byte[] decrypt(PemBlock block, String source, KeyPassword password)
      throws PrivateKeyException {
    String procType = block.headers().get(PROC_TYPE);
    if (procType == null || !procType.replace(" ", "").equals("4,ENCRYPTED")) {
      throw new PrivateKeyException.Unreadable(
          source + ": the header Proc-Type is damaged (expected: Proc-Type: 4,ENCRYPTED)");
    }
    String dekInfo = block.headers().get(DEK_INFO);
    int comma = dekInfo == null ? -1 : dekInfo.indexOf(',');
    if (dekInfo == null || comma < 0) {
      throw new PrivateKeyException.Unreadable(
          source + ": the header DEK-Info is missing or damaged (expected: DEK-Info: cipher,IV)");
    }
    String name = dekInfo.substring(0, comma).strip().toUpperCase(Locale.ROOT);
    CbcCipher cipher = cipher(name);
    if (cipher == null) {
      throw new PrivateKeyException.Unreadable(source + ": encrypted with an unknown cipher"
          + " (expected: AES-128-CBC, AES-192-CBC, AES-256-CBC, DES-EDE3-CBC or DES-CBC)");
    }
    byte[] iv = iv(dekInfo.substring(comma + 1).strip(), cipher, source);
    var derivation = new OpenSSLPBEParametersGenerator();
    derivation.init(password.bytes(), Arrays.copyOf(iv, SALT_BYTES));
    var key = (KeyParameter) derivation.generateDerivedParameters(cipher.keyBits());
    return cipher.decrypt(block.der(), new ParametersWithIV(key, iv), source);
  }

  private static @Nullable CbcCipher cipher(String name) {
    return switch (name) {
      case "AES-128-CBC" -> CbcCipher.AES_128;
      case "AES-192-CBC" -> CbcCipher.AES_192;
      case "AES-256-CBC" -> CbcCipher.AES_256;
      case "DES-EDE3-CBC" -> CbcCipher.DES_EDE3;
      case "DES-CBC" -> CbcCipher.DES;
      default -> null;
    };
  }

  private static byte[] iv(String hex, CbcCipher cipher, String source) throws PrivateKeyException {
    if (!hex.matches("[0-9A-Fa-f]{" + 2 * cipher.blockBytes() + "}")) {
      throw new PrivateKeyException.Unreadable(
          source + ": the IV of DEK-Info is damaged (expected: " + 2 * cipher.blockBytes()
              + " hexadecimal digits)");
    }
    return HexFormat.of().parseHex(hex);
  }
}
