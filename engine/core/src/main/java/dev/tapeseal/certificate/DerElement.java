package dev.tapeseal.certificate;

import java.util.Arrays;

/**
 * Where one DER element lies in an array (X.690 section 8.1): for what must be copied byte for byte, which a parsed
 * and re-encoded form would not guarantee. Definite lengths only; content is not looked at.
 */
final class DerElement {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xA0;

  private static final int MAX_LENGTH_OCTETS = 4;

  private final byte[] der; // the whole array, not copied
  private final int tag;
  private final int start;
  private final int contentStart;
  private final int end;

  private DerElement(byte[] der, int tag, int start, int contentStart, int end) {
    this.der = der;
    this.tag = tag;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  /** The element that begins an array. */
  static DerElement first(byte[] der) throws CertificateUnreadableException {
    return at(der, 0, der.length);
  }

  /** The first element within this one. */
  DerElement child() throws CertificateUnreadableException {
    return at(der, contentStart, end);
  }

  /** The element behind this one, within a parent that ends at {@code parentEnd}. */
  DerElement next(DerElement parent) throws CertificateUnreadableException {
    return at(der, end, parent.end);
  }

  DerElement require(int expectedTag) throws CertificateUnreadableException {
    if (tag != expectedTag) {
      throw new CertificateUnreadableException(
          String.format("offset %d: DER tag %02x (expected: %02x)", start, tag, expectedTag));
    }
    return this;
  }

  /** The identifier octet; tags of several octets are refused. */
  int tag() {
    return tag;
  }

  /** Behind its last byte. */
  int end() {
    return end;
  }

  /** A copy of the element, identifier and length octets included. */
  byte[] encoded() {
    return Arrays.copyOfRange(der, start, end);
  }

  /** A copy of the element's content. */
  byte[] content() {
    return Arrays.copyOfRange(der, contentStart, end);
  }

  private static DerElement at(byte[] der, int start, int limit)
      throws CertificateUnreadableException {
    if (limit - start < 2) {
      throw cutShort(start);
    }
    int tag = der[start] & 0xFF;
    if ((tag & 0x1F) == 0x1F) {
      throw new CertificateUnreadableException("offset " + start + ": a DER tag of several octets");
    }
    int first = der[start + 1] & 0xFF;
    int contentStart = start + 2;
    long length = first;
    if (first >= 0x80) {
      int octets = first - 0x80;
      if (octets == 0 || octets > MAX_LENGTH_OCTETS) {
        throw new CertificateUnreadableException("offset " + start + ": a length of " + octets
            + " octets (expected: DER, 1 to " + MAX_LENGTH_OCTETS + ")");
      }
      if (limit - contentStart < octets) {
        throw cutShort(start);
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << Byte.SIZE) | (der[contentStart + i] & 0xFF);
      }
      contentStart += octets;
    }
    if (length > limit - contentStart) {
      throw cutShort(start);
    }
    return new DerElement(der, tag, start, contentStart, contentStart + (int) length);
  }

  private static CertificateUnreadableException cutShort(int start) {
    return new CertificateUnreadableException("offset " + start + ": the DER is cut short");
  }
}
