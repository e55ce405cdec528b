package dev.tapeseal.authority;

import dev.tapeseal.keystore.KeyFormat;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new RSA key pair, public exponent 65537. The private key leaves it as a file only.
 *
 * <p>Making one takes a fraction of a second, a few at 4096 bits. Confined to one thread at a time.
 */
public final class RsaKeyPair implements SigningKey, AutoCloseable {
  private static final Set<Integer> MODULUS_BITS = Set.of(2048, 3072, 4096);

  private final RSAPublicKey publicKey;
  private final SecureRandom random;
  private @Nullable PrivateKey privateKey;

  private RsaKeyPair(RSAPublicKey publicKey, PrivateKey privateKey, SecureRandom random) {
    this.publicKey = publicKey;
    this.random = random;
    this.privateKey = privateKey;
  }

  /**
   * Makes a key pair.
   *
   * @param modulusBits 2048, 3072 or 4096
   */
  public static RsaKeyPair generate(int modulusBits, SecureRandom random) {
    if (!MODULUS_BITS.contains(modulusBits)) {
      throw new IllegalArgumentException(
          "RSA modulus: " + modulusBits + " bits (expected: 2048, 3072 or 4096)");
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(
          new RSAKeyGenParameterSpec(modulusBits, RSAKeyGenParameterSpec.F4), random);
      KeyPair keyPair = generator.generateKeyPair();
      return new RsaKeyPair((RSAPublicKey) keyPair.getPublic(), keyPair.getPrivate(), random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes RSA keys of this length", e);
    }
  }

  @Override
  public RSAPublicKey publicKey() {
    return publicKey;
  }

  /** {@inheritDoc} */
  @Override
  public byte[] sign(SignatureAlgorithm algorithm, byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm.jcaName());
      signature.initSign(privateKey(), random);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of this length signs with " + algorithm, e);
    }
  }

  private PrivateKey privateKey() {
    PrivateKey open = privateKey;
    if (open == null) {
      throw new IllegalStateException("key pair: closed");
    }
    return open;
  }

  /**
   * The private key as a PEM file has it.
   *
   * @param password of the file; without one the key is not encrypted; stays the caller's
   * @return ASCII, which the caller wipes
   */
  public byte[] toPem(KeyFormat format, @Nullable KeyPassword password) {
    return PrivateKeyWriter.toPem(privateKey(), format, password, random);
  }

  /**
   * Writes the private key as PEM, PKCS#8, not encrypted, into a new file that only its owner can read from the moment
   * that it exists.
   *
   * @throws IOException where the file exists or cannot be written; then nothing new is left
   */
  public void write(Path file) throws IOException {
    byte[] pem = toPem(KeyFormat.PKCS8, null);
    try {
      CertificateFiles.writeSecret(file, pem);
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  /** Lets go of the private key. May be called more than once. */
  @Override
  public void close() {
    privateKey = null;
  }

  @Override
  public String toString() {
    return "RsaKeyPair[" + publicKey.getModulus().bitLength() + " bits]";
  }
}
