package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Decodes base64 (RFC 4648) as it comes, whatever its lines' length and ends, up to padding, a {@code -----END} line or
 * the end. Holds some 14 KiB. Confined to one thread.
 */
final class Base64Pipe implements ReadableByteChannel {
  /** Characters of a group, and the bytes that they decode to. */
  static final int GROUP_CHARACTERS = 4;

  static final int GROUP_BYTES = 3;

  private static final int TEXT_BYTES = 8 * 1024;
  private static final byte WHITE = -1;
  private static final byte END = -2;
  private static final byte FOREIGN = -3;
  private static final byte[] VALUES = values();

  private final ReadableByteChannel source;
  private final ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES).limit(0);
  private final ByteBuffer decoded = ByteBuffer.allocate(
          TEXT_BYTES / GROUP_CHARACTERS * GROUP_BYTES + GROUP_BYTES)
      .limit(0);
  private long textOffset;
  private long decodedOffset; // of what comes after the buffer
  private int group;
  private int groupCharacters;
  private boolean ended;

  /** Decodes from where the channel is, which is between two groups. */
  Base64Pipe(ReadableByteChannel source) {
    this.source = source;
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, FOREIGN);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    for (char white : new char[] {' ', '\t', '\r', '\n'}) {
      values[white] = WHITE;
    }
    values['='] = END;
    values['-'] = END;
    return values;
  }

  /** Starts anew between two groups: where the source now is, which is a decoded offset. */
  void restart(long newTextOffset, long newDecodedOffset) {
    text.limit(0);
    decoded.limit(0);
    textOffset = newTextOffset;
    decodedOffset = newDecodedOffset;
    group = 0;
    groupCharacters = 0;
    ended = false;
  }

  /** How far the source has been decoded, counted in decoded bytes from its start, and in characters. */
  long decodedOffset() {
    return decodedOffset;
  }

  long textOffset() {
    return textOffset;
  }

  /** Whether a group has just been completed, so that {@link #restart} could begin here. */
  boolean isBetweenGroups() {
    return groupCharacters == 0 && !ended;
  }

  /** What was decoded and not read yet; the caller may take of it. */
  ByteBuffer decoded() {
    return decoded;
  }

  /** Decodes the next characters once the buffer was read; false at the end. */
  boolean decodeMore() throws IOException {
    while (!decoded.hasRemaining()) {
      if (ended) {
        return false;
      }
      if (!text.hasRemaining()) {
        text.clear();
        int read = source.read(text);
        text.flip();
        if (read < 0) {
          end();
          continue;
        }
      }
      decodeText();
    }
    return true;
  }

  private void decodeText() throws EnvelopeException.Malformed {
    decoded.clear();
    int start = text.position();
    while (text.hasRemaining() && !ended) {
      int character = Byte.toUnsignedInt(text.get());
      byte value = VALUES[character];
      if (value >= 0) {
        group = group << 6 | value;
        if (++groupCharacters == GROUP_CHARACTERS) {
          decoded.put((byte) (group >> 16)).put((byte) (group >> 8)).put((byte) group);
          groupCharacters = 0;
        }
      } else if (value == END) {
        endGroup();
      } else if (value == FOREIGN) {
        text.position(text.position() - 1); // whoever reads on meets it again
        int before = decoded.position();
        decoded.limit(0);
        throw new EnvelopeException.Malformed(
            decodedOffset + before, "character %02x in base64".formatted(character));
      }
    }
    textOffset += text.position() - start;
    decoded.flip();
    decodedOffset += decoded.limit();
  }

  private void end() throws EnvelopeException.Malformed {
    decoded.clear();
    endGroup();
    decoded.flip();
    decodedOffset += decoded.limit();
  }

  private void endGroup() throws EnvelopeException.Malformed {
    ended = true;
    switch (groupCharacters) {
      case 0 -> {}
      case 2 -> decoded.put((byte) (group >> 4));
      case 3 -> decoded.put((byte) (group >> 10)).put((byte) (group >> 2));
      default ->
        throw new EnvelopeException.Malformed(
            decodedOffset + decoded.position(), "base64 ends within a byte");
    }
    groupCharacters = 0;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (!decodeMore()) {
      return -1;
    }
    int part = Math.min(target.remaining(), decoded.remaining());
    target.put(target.position(), decoded, decoded.position(), part);
    target.position(target.position() + part);
    decoded.position(decoded.position() + part);
    return part;
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
