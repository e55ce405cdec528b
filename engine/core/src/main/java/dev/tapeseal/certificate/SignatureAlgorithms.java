package dev.tapeseal.certificate;

import java.security.cert.X509Certificate;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;

/** Which algorithms a signature over a certificate may have: those that nobody can make a second certificate for. */
final class SignatureAlgorithms {
  private static final String RSA_PSS = "1.2.840.113549.1.1.10";

  private static final Map<String, String> STRONG = Map.ofEntries(
      Map.entry("1.2.840.113549.1.1.14", "SHA-224 with RSA"),
      Map.entry("1.2.840.113549.1.1.11", "SHA-256 with RSA"),
      Map.entry("1.2.840.113549.1.1.12", "SHA-384 with RSA"),
      Map.entry("1.2.840.113549.1.1.13", "SHA-512 with RSA"),
      Map.entry("1.2.840.10045.4.3.1", "SHA-224 with ECDSA"),
      Map.entry("1.2.840.10045.4.3.2", "SHA-256 with ECDSA"),
      Map.entry("1.2.840.10045.4.3.3", "SHA-384 with ECDSA"),
      Map.entry("1.2.840.10045.4.3.4", "SHA-512 with ECDSA"),
      Map.entry("2.16.840.1.101.3.4.3.1", "SHA-224 with DSA"),
      Map.entry("2.16.840.1.101.3.4.3.2", "SHA-256 with DSA"),
      Map.entry("1.3.101.112", "Ed25519"),
      Map.entry("1.3.101.113", "Ed448"));

  private static final Map<String, String> WEAK = Map.of(
      "1.2.840.113549.1.1.2", "MD2 with RSA",
      "1.2.840.113549.1.1.3", "MD4 with RSA",
      "1.2.840.113549.1.1.4", "MD5 with RSA",
      "1.2.840.113549.1.1.5", "SHA-1 with RSA",
      "1.3.14.3.2.29", "SHA-1 with RSA",
      "1.2.840.10045.4.1", "SHA-1 with ECDSA",
      "1.2.840.10040.4.3", "SHA-1 with DSA");

  private static final Map<String, String> HASHES = Map.of(
      "2.16.840.1.101.3.4.2.1", "SHA-256",
      "2.16.840.1.101.3.4.2.2", "SHA-384",
      "2.16.840.1.101.3.4.2.3", "SHA-512",
      "2.16.840.1.101.3.4.2.4", "SHA-224",
      "1.3.14.3.2.26", "SHA-1");

  private SignatureAlgorithms() {}

  static boolean isStrong(X509Certificate certificate) {
    if (certificate.getSigAlgOID().equals(RSA_PSS)) {
      String hash = HASHES.get(pssHash(certificate));
      return hash != null && !hash.equals("SHA-1");
    }
    return STRONG.containsKey(certificate.getSigAlgOID());
  }

  /** For people to read; an unknown algorithm has its object identifier. */
  static String name(X509Certificate certificate) {
    String oid = certificate.getSigAlgOID();
    if (oid.equals(RSA_PSS)) {
      String hash = pssHash(certificate);
      return HASHES.getOrDefault(hash, hash) + " with RSA-PSS";
    }
    return STRONG.getOrDefault(oid, WEAK.getOrDefault(oid, PrintableText.of(oid)));
  }

  private static String pssHash(X509Certificate certificate) {
    try {
      return RSASSAPSSparams.getInstance(certificate.getSigAlgParams())
          .getHashAlgorithm()
          .getAlgorithm()
          .getId();
    } catch (RuntimeException damaged) {
      return "unreadable parameters";
    }
  }
}
