package dev.tapeseal.certificate;

import java.util.Arrays;

/**
 * Decodes base64 that arrives character by character, into memory that is wiped when this is closed: it may be a
 * private key. Padding must stand at the end and fit, as in OpenSSL; white space is skipped.
 */
final class Base64Decoder implements AutoCloseable {
  private static final int CHARACTERS_PER_GROUP = 4;
  private static final int BITS_PER_CHARACTER = 6;

  private final byte[] decoded;
  private int decodedBytes;
  private int bits;
  private int characters;
  private int paddings;

  Base64Decoder(int maxBytes) {
    decoded = new byte[maxBytes];
  }

  /** Takes one character; false where it does not belong there. */
  boolean accept(byte character) {
    if (character == ' ' || character == '\t') {
      return true;
    }
    if (character == '=') {
      paddings++;
      return true; // how many there may be is known only at the end
    }
    int value = valueOf(character);
    if (value < 0 || paddings > 0) {
      return false;
    }
    bits = (bits << BITS_PER_CHARACTER) | value;
    characters++;
    int inGroup = characters % CHARACTERS_PER_GROUP;
    if (inGroup != 1) { // the first character of a group completes no byte
      int spareBits = inGroup == 0 ? 0 : 2 * (CHARACTERS_PER_GROUP - inGroup);
      decoded[decodedBytes++] = (byte) (bits >> spareBits);
    }
    return true;
  }

  /** Whether the padding fits the number of characters. */
  boolean isComplete() {
    return switch (characters % CHARACTERS_PER_GROUP) {
      case 0 -> paddings == 0;
      case 2 -> paddings == 2;
      case 3 -> paddings == 1;
      default -> false;
    };
  }

  /** A copy of what was decoded, which the caller wipes. */
  byte[] decoded() {
    return Arrays.copyOf(decoded, decodedBytes);
  }

  private static int valueOf(byte character) {
    if (character >= 'A' && character <= 'Z') {
      return character - 'A';
    }
    if (character >= 'a' && character <= 'z') {
      return character - 'a' + 26;
    }
    if (character >= '0' && character <= '9') {
      return character - '0' + 52;
    }
    return character == '+' ? 62 : character == '/' ? 63 : -1;
  }

  @Override
  public void close() {
    Arrays.fill(decoded, (byte) 0);
    bits = 0;
  }
}
