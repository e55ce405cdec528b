package dev.tapeseal.authority;

import dev.tapeseal.keystore.RecordingKey;
import java.security.interfaces.RSAPublicKey;

/**
 * A private key that signs certificates and requests, wherever it is: a new {@link RsaKeyPair}, one that was read from
 * a file, or one in a device that never gives it away.
 */
public interface SigningKey {

  /** The public key that belongs to it. */
  RSAPublicKey publicKey();

  /** Signs, RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2). Takes milliseconds. */
  byte[] sign(SignatureAlgorithm algorithm, byte[] message);

  /** A key that was read from a file, which stays the caller's. */
  static SigningKey of(RecordingKey key) {
    return new SigningKey() {
      @Override
      public RSAPublicKey publicKey() {
        return key.publicKey();
      }

      @Override
      public byte[] sign(SignatureAlgorithm algorithm, byte[] message) {
        return key.sign(algorithm.jcaName(), message);
      }
    };
  }
}
