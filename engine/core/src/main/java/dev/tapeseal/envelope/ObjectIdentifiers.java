package dev.tapeseal.envelope;

import java.util.Map;

/** The OBJECT IDENTIFIERs that envelopes are made of, and the names of those that are met but not supported. */
final class ObjectIdentifiers {
  static final int MAX_BYTES = 64;

  static final String ENVELOPED_DATA = "1.2.840.113549.1.7.3";
  static final String AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23";
  static final String AES_256_GCM = "2.16.840.1.101.3.4.1.46";
  static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
  static final String RSAES_OAEP = "1.2.840.113549.1.1.7";
  static final String MGF1 = "1.2.840.113549.1.1.8";
  static final String P_SPECIFIED = "1.2.840.113549.1.1.9";

  /** Content ciphers that are supported, and the bits of their keys. */
  static final Map<String, Integer> AES_CBC_KEY_BITS = Map.of(
      "2.16.840.1.101.3.4.1.2", 128,
      "2.16.840.1.101.3.4.1.22", 192,
      "2.16.840.1.101.3.4.1.42", 256);

  /** Hashes by their JCA names. */
  static final Map<String, String> HASHES = Map.of(
      "1.3.14.3.2.26", "SHA-1",
      "2.16.840.1.101.3.4.2.4", "SHA-224",
      "2.16.840.1.101.3.4.2.1", "SHA-256",
      "2.16.840.1.101.3.4.2.2", "SHA-384",
      "2.16.840.1.101.3.4.2.3", "SHA-512");

  private static final Map<String, String> NAMES = Map.ofEntries(
      Map.entry("1.2.840.113549.1.7.1", "Data"),
      Map.entry("1.2.840.113549.1.7.2", "SignedData"),
      Map.entry(ENVELOPED_DATA, "EnvelopedData"),
      Map.entry("1.2.840.113549.1.7.4", "SignedAndEnvelopedData"),
      Map.entry("1.2.840.113549.1.7.5", "DigestedData"),
      Map.entry("1.2.840.113549.1.7.6", "EncryptedData"),
      Map.entry("1.2.840.113549.1.9.16.1.2", "AuthenticatedData"),
      Map.entry("1.2.840.113549.1.9.16.1.9", "CompressedData"),
      Map.entry(AUTH_ENVELOPED_DATA, "AuthEnvelopedData"),
      Map.entry("1.3.14.3.2.7", "DES-CBC"),
      Map.entry("1.2.840.113549.3.2", "RC2-CBC"),
      Map.entry("1.2.840.113549.3.4", "RC4"),
      Map.entry("1.2.840.113549.3.7", "DES-EDE3-CBC (triple DES)"),
      Map.entry("2.16.840.1.101.3.4.1.6", "AES-128-GCM"),
      Map.entry("2.16.840.1.101.3.4.1.26", "AES-192-GCM"),
      Map.entry(AES_256_GCM, "AES-256-GCM"),
      Map.entry("1.2.392.200011.61.1.1.1.2", "Camellia-128-CBC"),
      Map.entry("1.2.392.200011.61.1.1.1.4", "Camellia-256-CBC"),
      Map.entry("1.2.840.113549.1.9.16.3.14", "RSA-KEM"));

  private static final int CONTINUED = 0x80;
  private static final int ARC_BITS = 7;
  private static final int ARC_MASK = 0x7f;
  private static final int SECOND_ARCS = 40;
  private static final int TOP_ARC = 2;

  private ObjectIdentifiers() {}

  /** The name, where there is one, and the number. */
  static String name(String identifier) {
    String name = NAMES.get(identifier);
    return name == null ? "object identifier " + identifier : name;
  }

  /** An OBJECT IDENTIFIER's content in dotted numbers; where it is none, its bytes, which equal no identifier. */
  static String dotted(byte[] content) {
    StringBuilder dotted = new StringBuilder();
    long arc = 0;
    for (byte octet : content) {
      if (arc > Long.MAX_VALUE >> ARC_BITS) {
        return "of a number too large";
      }
      arc = arc << ARC_BITS | (octet & ARC_MASK);
      if ((octet & CONTINUED) == 0) {
        if (dotted.length() == 0) {
          long top = Math.min(arc / SECOND_ARCS, TOP_ARC);
          dotted.append(top).append('.').append(arc - top * SECOND_ARCS);
        } else {
          dotted.append('.').append(arc);
        }
        arc = 0;
      }
    }
    return dotted.toString();
  }
}
