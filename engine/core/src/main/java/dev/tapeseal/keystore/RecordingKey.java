package dev.tapeseal.keystore;

import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.PemException;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * An RSA private key that opens recordings, or a CA's that signs. It hands out nothing of itself; {@link BareKeys}
 * uses it.
 *
 * <p>Closing it wipes its encoding and lets go of the rest: the numbers within Java's own key object cannot be
 * wiped. Confined to one thread at a time.
 */
public final class RecordingKey implements AutoCloseable {
  private static final int NONCE_BYTES = 32;

  private final String source;
  private final int modulusBits;
  private final SubjectKeyIdentifier subjectKeyIdentifier;
  private @Nullable RSAPrivateCrtKey key;

  RecordingKey(RSAPrivateCrtKey key, String source) {
    this.key = key;
    this.source = source;
    this.modulusBits = key.getModulus().bitLength();
    this.subjectKeyIdentifier = hashOf(key.getModulus(), key.getPublicExponent());
  }

  /**
   * Reads the one private key of a PEM file: {@code RSA PRIVATE KEY} (PKCS#1, RFC 8017), the same encrypted with
   * {@code DEK-Info}, {@code PRIVATE KEY} (PKCS#8, RFC 5958) or {@code ENCRYPTED PRIVATE KEY} (PBES1 and PBES2 of
   * RFC 8018, PKCS#12's, and scrypt of RFC 7914). Certificates beside it are passed over.
   *
   * <p>Takes milliseconds, or for an encrypted key as long as its author chose, at most a few seconds.
   *
   * @param password not used where the key is not encrypted; stays the caller's
   * @throws IOException where the file cannot be read
   * @throws PrivateKeyException where there is no usable key; which kind tells why
   */
  public static RecordingKey read(Path file, @Nullable KeyPassword password)
      throws IOException, PrivateKeyException {
    try (Pem pem = Pem.read(file)) {
      return PrivateKeyReader.read(pem, password);
    } catch (PemException e) {
      throw notPem(e);
    }
  }

  /**
   * Reads the one private key of PEM that did not come from a file; the bytes stay the caller's.
   *
   * @param source what messages call it
   * @throws PrivateKeyException as {@link #read} does
   */
  public static RecordingKey parse(byte[] bytes, String source, @Nullable KeyPassword password)
      throws PrivateKeyException {
    try (Pem pem = Pem.parse(bytes, source)) {
      return PrivateKeyReader.read(pem, password);
    } catch (PemException e) {
      throw notPem(e);
    }
  }

  private static PrivateKeyException notPem(PemException e) {
    return new PrivateKeyException.Unreadable(
        e.getMessage() + "; a private key has the line -----BEGIN PRIVATE KEY-----");
  }

  /** The file it was read from. */
  public String source() {
    return source;
  }

  /** The length of the RSA modulus in bits. */
  public int modulusBits() {
    return modulusBits;
  }

  /** The public key that belongs to it. */
  public RSAPublicKey publicKey() {
    RSAPrivateCrtKey mine = privateKey();
    try {
      return (RSAPublicKey) KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(mine.getModulus(), mine.getPublicExponent()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the numbers of a private key make a public one", e);
    }
  }

  /**
   * Signs, RSASSA-PKCS1-v1_5: a request proves by it that its author has the key, and a CA's key signs certificates.
   *
   * @param algorithm by JCA's name, for example {@code SHA256withRSA}
   */
  public byte[] sign(String algorithm, byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "signature: " + algorithm + " under " + this + " (expected: RSA with SHA-2)", e);
    }
  }

  /** The length of what it decrypts, in bytes. */
  int modulusBytes() {
    return (modulusBits + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** The SHA-1 of the public key (RFC 5280 section 4.2.1.2, method 1), by which most certificates name it. */
  public SubjectKeyIdentifier subjectKeyIdentifier() {
    return subjectKeyIdentifier;
  }

  /**
   * Whether this is the certificate's private key, proved: what is encrypted under the certificate comes back.
   * Takes a millisecond or two.
   */
  public boolean matches(RecordingCertificate certificate) {
    RSAPrivateCrtKey mine = privateKey();
    if (!certificate.isRsa() || !certificate.publicKey().getModulus().equals(mine.getModulus())) {
      return false;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, certificate.publicKey());
      byte[] encrypted = cipher.doFinal(nonce);
      cipher.init(Cipher.DECRYPT_MODE, mine);
      return MessageDigest.isEqual(nonce, cipher.doFinal(encrypted));
    } catch (GeneralSecurityException notItsKey) { // another public exponent under the same modulus
      return false;
    }
  }

  /**
   * Does nothing where {@link #matches} holds.
   *
   * @throws PrivateKeyException.NotForCertificate otherwise
   */
  public void requireMatch(RecordingCertificate certificate) throws PrivateKeyException {
    if (!matches(certificate)) {
      throw new PrivateKeyException.NotForCertificate(source + ": not the private key of "
          + certificate + " (expected: the key that its public key belongs to)");
    }
  }

  /** The SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal, as a store's metadata have it. */
  String publicKeySha256() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The key as JCA takes it. */
  RSAPrivateCrtKey privateKey() {
    RSAPrivateCrtKey open = key;
    if (open == null) {
      throw new IllegalStateException("private key: closed");
    }
    return open;
  }

  private static SubjectKeyIdentifier hashOf(BigInteger modulus, BigInteger publicExponent) {
    try {
      byte[] publicKey =
          new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, publicExponent).getEncoded();
      return SubjectKeyIdentifier.of(MessageDigest.getInstance("SHA-1").digest(publicKey));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("two numbers always encode, and SHA-1 is everywhere", e);
    }
  }

  /** Lets go of the key. May be called more than once. */
  @Override
  public void close() {
    key = null;
  }

  @Override
  public String toString() {
    return "RecordingKey[" + source + ", RSA " + modulusBits + "]";
  }
}
