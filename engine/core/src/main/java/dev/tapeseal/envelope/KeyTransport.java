package dev.tapeseal.envelope;

/**
 * How a session key is encrypted under a certificate's RSA key (RFC 3370, RFC 8017).
 *
 * <p>OAEP is told apart by its hash, which serves as the hash of MGF1 too unless {@code mgf1Hash} differs; the
 * label is empty.
 */
public sealed interface KeyTransport {

  /** RSAES-PKCS1-v1_5, what {@code pkcs7} writes. */
  record Pkcs1() implements KeyTransport {
    @Override
    public String toString() {
      return "RSAES-PKCS1-v1_5";
    }
  }

  /** RSAES-OAEP with an empty label; hashes by their JCA names, for example {@code SHA-256}. */
  record Oaep(String hash, String mgf1Hash) implements KeyTransport {
    @Override
    public String toString() {
      return "RSAES-OAEP " + hash + (mgf1Hash.equals(hash) ? "" : " MGF1 " + mgf1Hash);
    }
  }
}
