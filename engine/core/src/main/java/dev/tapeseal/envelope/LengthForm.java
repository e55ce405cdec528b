package dev.tapeseal.envelope;

import java.io.ByteArrayOutputStream;

/** How an envelope states the lengths of what encloses the content (X.690 section 8.1.3). */
public enum LengthForm {
  /** Definite, in as few octets as possible: DER, where the length is known before the first byte. */
  DER {
    @Override
    int lengthOctets(long length) {
      int octets = 1;
      if (length > MAX_SHORT_LENGTH) {
        for (long rest = length; rest > 0; rest >>>= Byte.SIZE) {
          octets++;
        }
      }
      return octets;
    }
  },

  /**
   * Definite, but not as DER has it. We write five octets, the most that OpenSSL reads, and patch them when the
   * recording ends.
   */
  DEFINITE {
    @Override
    int lengthOctets(long length) {
      return 1 + PATCHED_OCTETS;
    }
  },

  /**
   * Open, ended by two zero octets, the content a series of OCTET STRINGs: on a forward-only destination. Read,
   * also where the series has a definite length.
   */
  INDEFINITE {
    @Override
    int lengthOctets(long length) {
      return 1;
    }
  };

  /** The longest content whose lengths {@link #DEFINITE} can state: 1 TiB less one octet. */
  static final long MAX_PATCHED_LENGTH = (1L << (5 * Byte.SIZE)) - 1;

  private static final int PATCHED_OCTETS = 5;
  private static final int MAX_SHORT_LENGTH = 0x7f;
  private static final int LONG_FORM = 0x80;

  /** How many octets the length takes, the first one included. */
  abstract int lengthOctets(long length);

  /** Writes a length, which the form can state. */
  final void write(ByteArrayOutputStream header, long length) {
    int following = lengthOctets(length) - 1;
    if (following == 0) {
      header.write(this == INDEFINITE ? LONG_FORM : (int) length);
      return;
    }
    header.write(LONG_FORM | following);
    for (int shift = (following - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      header.write((int) (length >>> shift));
    }
  }
}
