package dev.tapeseal.keystore;

import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_PBES2;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_PBKDF2;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA256;

import dev.tapeseal.certificate.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.OpenSSLPBEParametersGenerator;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/**
 * Writes RSA private keys as PEM, in the four shapes that {@link RecordingKey} and OpenSSL read.
 *
 * <p>PKCS#8 is encrypted by PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256 of {@link #ITERATIONS} rounds, which cost a
 * second or less; PKCS#1 by AES-256-CBC under a key that a single MD5 derives, since its format has no better: a short
 * password does not protect it. Safe for any thread.
 */
public final class PrivateKeyWriter {

  /** How often PBKDF2 hashes: what OWASP asks for, and under what {@link RecordingKey} accepts. */
  public static final int ITERATIONS = 600_000;

  private static final CbcCipher CIPHER = CbcCipher.AES_256;
  private static final int SALT_BYTES = 16;
  private static final int TRADITIONAL_SALT_BYTES = 8;

  private PrivateKeyWriter() {}

  /**
   * Encodes a private key.
   *
   * @param key an RSA key that JCA encodes as PKCS#8
   * @param password of the new file; without one it is not encrypted; stays the caller's
   * @return ASCII, which the caller wipes
   */
  public static byte[] toPem(
      PrivateKey key, KeyFormat format, @Nullable KeyPassword password, SecureRandom random) {
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = null;
    try {
      if (format == KeyFormat.PKCS8) {
        return password == null
            ? Pem.encode("PRIVATE KEY", pkcs8)
            : Pem.encode("ENCRYPTED PRIVATE KEY", encrypt(pkcs8, password, random));
      }
      pkcs1 = PrivateKeyInfo.getInstance(pkcs8).getPrivateKey().getOctets();
      return password == null
          ? Pem.encode("RSA PRIVATE KEY", pkcs1)
          : traditional(pkcs1, password, random);
    } catch (IOException e) {
      throw new IllegalStateException("what was encrypted in memory can be encoded", e);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
      if (pkcs1 != null) {
        Arrays.fill(pkcs1, (byte) 0);
      }
    }
  }

  /** An EncryptedPrivateKeyInfo (RFC 5958) under PBES2 (RFC 8018 appendix A.4). */
  private static byte[] encrypt(byte[] pkcs8, KeyPassword password, SecureRandom random)
      throws IOException {
    byte[] salt = randomBytes(SALT_BYTES, random);
    byte[] iv = randomBytes(CIPHER.blockBytes(), random);
    var derivation = new PKCS5S2ParametersGenerator(new SHA256Digest());
    derivation.init(password.bytes(), salt, ITERATIONS);
    byte[] ciphertext = encrypt(pkcs8, derivation, iv);
    var prf = new AlgorithmIdentifier(id_hmacWithSHA256, DERNull.INSTANCE);
    var scheme = new PBES2Parameters(
        new KeyDerivationFunc(id_PBKDF2, new PBKDF2Params(salt, ITERATIONS, prf)),
        new EncryptionScheme(id_aes256_CBC, new DEROctetString(iv)));
    return new EncryptedPrivateKeyInfo(new AlgorithmIdentifier(id_PBES2, scheme), ciphertext)
        .getEncoded();
  }

  /** An RSAPrivateKey under the headers of RFC 1421, as {@link PemEncryption} reads it. */
  private static byte[] traditional(byte[] pkcs1, KeyPassword password, SecureRandom random) {
    byte[] iv = randomBytes(CIPHER.blockBytes(), random);
    var derivation = new OpenSSLPBEParametersGenerator();
    derivation.init(password.bytes(), Arrays.copyOf(iv, TRADITIONAL_SALT_BYTES));
    String block = new String(
        Pem.encode("RSA PRIVATE KEY", encrypt(pkcs1, derivation, iv)), StandardCharsets.US_ASCII);
    int firstLine = block.indexOf('\n') + 1;
    String headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
        + HexFormat.of().withUpperCase().formatHex(iv) + "\n\n";
    return (block.substring(0, firstLine) + headers + block.substring(firstLine))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] encrypt(byte[] plaintext, PBEParametersGenerator derivation, byte[] iv) {
    var key = (KeyParameter) derivation.generateDerivedParameters(CIPHER.keyBits());
    return CIPHER.encrypt(plaintext, new ParametersWithIV(key, iv));
  }

  private static byte[] randomBytes(int length, SecureRandom random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
