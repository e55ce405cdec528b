package dev.tapeseal.envelope;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * Walks through BER elements (X.690) in a channel, definite and indefinite lengths alike, without holding more than
 * {@value #BUFFER_BYTES} bytes of them. An element is opened, its content is read or other elements in it are opened,
 * and it is closed, which checks that its content ends where its length says. Tags have one octet.
 *
 * <p>Every failure is an {@link EnvelopeException.Malformed} with the offset. Confined to one thread. It is long because
 * the buffer, the open elements and the bounds are one state, checked in one place.
 */
final class BerInput {
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int CONTEXT_0 = 0x80;
  static final int CONTEXT_1 = 0x81;
  static final int CONTEXT_2 = 0x82;
  static final int CONSTRUCTED = 0x20;
  static final int END = -1;

  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int HEADER_BYTES =
      64; // read after a long skip, where another is likely to follow
  private static final int MAX_DEPTH = 32;
  private static final int MULTI_BYTE_TAG = 0x1f;
  private static final int LONG_FORM = 0x80;
  private static final int MAX_LENGTH_OCTETS = 8;
  private static final int INDEFINITE = -1;

  private final ReadableByteChannel source;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final long[] ends =
      new long[MAX_DEPTH]; // of the elements that are open; INDEFINITE until its mark
  private final long[] limits = new long[MAX_DEPTH]; // what no content of theirs may pass
  private int depth;
  private long position;
  private long allowance = Long.MAX_VALUE;
  private boolean jumped;
  private boolean minimalLengths = true;

  /** Reads from where the channel is, which is offset 0. */
  BerInput(ReadableByteChannel source) {
    this.source = source;
  }

  /** The offset of the next byte. */
  long position() {
    return position;
  }

  /** How many elements are open. */
  int depth() {
    return depth;
  }

  /** Whether every length so far was definite and as short as can be, as DER wants it. */
  boolean hasMinimalLengths() {
    return minimalLengths;
  }

  /** Refuses to go beyond an offset: what comes before the content is bounded. */
  void allowUpTo(long offset) {
    allowance = offset;
  }

  /** The tag of the next element in the element that is open, or {@link #END}. */
  int nextTag() throws IOException {
    return atEnd() ? END : peek(0);
  }

  /** Whether the content of the innermost open element ends here. */
  boolean atEnd() throws IOException {
    if (depth == 0) {
      return false;
    }
    long end = ends[depth - 1];
    return end == INDEFINITE ? peek(0) == 0 && peek(1) == 0 : position == end;
  }

  /** Opens the next element, which must have this tag; returns its content's length, or -1 where it is open. */
  long open(int tag, String name) throws IOException {
    long start = position;
    int found = atEnd() ? END : read();
    if (found != tag) {
      throw malformed(
          start,
          "expected " + name + " (tag " + hex(tag) + "), found "
              + (found == END ? "the end of what encloses it" : "tag " + hex(found)));
    }
    return open(start, tag);
  }

  private long open(long start, int tag) throws IOException {
    if (depth == MAX_DEPTH) {
      throw malformed(start, "elements in elements, more than " + MAX_DEPTH + " deep");
    }
    long length = readLength(start);
    if (length == INDEFINITE && (tag & CONSTRUCTED) == 0) {
      throw malformed(start, "a primitive element of indefinite length");
    }
    long limit = depth == 0 ? Long.MAX_VALUE : limits[depth - 1];
    if (length > limit - position) {
      throw malformed(
          start, "an element of " + length + " bytes in one that ends after " + (limit - position));
    }
    ends[depth] = length == INDEFINITE ? INDEFINITE : position + length;
    limits[depth] = length == INDEFINITE ? limit : position + length;
    depth++;
    return length;
  }

  private long readLength(long start) throws IOException {
    int first = read();
    if (first < LONG_FORM) {
      return first;
    }
    if (first == LONG_FORM) {
      minimalLengths = false;
      return INDEFINITE;
    }
    int octets = first - LONG_FORM;
    if (octets > MAX_LENGTH_OCTETS) {
      throw malformed(start, "a length of " + octets + " octets");
    }
    long length = 0;
    for (int i = 0; i < octets; i++) {
      length = length << Byte.SIZE | read();
    }
    if (length < 0) {
      throw malformed(start, "a length of more than " + Long.MAX_VALUE);
    }
    minimalLengths &= LengthForm.DER.lengthOctets(length) == 1 + octets;
    return length;
  }

  /** Closes the innermost open element, all of whose content must have been read. */
  void close(String name) throws IOException {
    if (!atEnd()) {
      throw malformed(position, "expected the end of " + name);
    }
    depth--;
    if (ends[depth] == INDEFINITE) {
      read();
      read();
    }
  }

  /** Reads a primitive element whole. */
  byte[] primitive(int tag, int maxBytes, String name) throws IOException {
    long start = position;
    long length = open(tag, name);
    if (length > maxBytes) {
      throw malformed(start, name + ": " + length + " bytes (expected: at most " + maxBytes + ")");
    }
    byte[] content = new byte[(int) length];
    readFully(content, 0, content.length);
    close(name);
    return content;
  }

  /** Reads an element of definite length whole, and gives it a header as DER has it. */
  byte[] element(int tag, int maxBytes, String name) throws IOException {
    long start = position;
    long length = open(tag, name);
    if (length == INDEFINITE) {
      throw malformed(start, name + ": of indefinite length (expected: definite)");
    }
    if (length > maxBytes) {
      throw malformed(start, name + ": " + length + " bytes (expected: at most " + maxBytes + ")");
    }
    byte[] content = new byte[(int) length];
    readFully(content, 0, content.length);
    close(name);
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    LengthForm.DER.write(element, length);
    element.writeBytes(content);
    return element.toByteArray();
  }

  /** Passes over the next element, whatever it is. */
  void skipElement() throws IOException {
    int outside = depth;
    do {
      openAny();
      if (ends[depth - 1] != INDEFINITE) {
        skip(ends[depth - 1] - position);
      }
      while (depth > outside && atEnd()) {
        close("an element");
      }
    } while (depth > outside);
  }

  private void openAny() throws IOException {
    long start = position;
    int tag = read();
    if ((tag & MULTI_BYTE_TAG) == MULTI_BYTE_TAG) {
      throw malformed(start, "a tag of more than one octet");
    }
    open(start, tag);
  }

  /** Reads content of the open element. */
  void readFully(byte[] target, int offset, int length) throws IOException {
    requireAllowed(length);
    int done = Math.min(length, buffer.remaining());
    buffer.get(target, offset, done);
    ByteBuffer rest = ByteBuffer.wrap(target, offset + done, length - done);
    while (rest.hasRemaining()) {
      if (source.read(rest) < 0) {
        throw endsHere(position + length - rest.remaining());
      }
    }
    position += length;
  }

  /** Passes over content of the open element; over what a seekable source does not have, too. */
  void skip(long length) throws IOException {
    requireAllowed(length);
    position += length;
    if (length <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) length);
      return;
    }
    long rest = length - buffer.remaining();
    buffer.limit(0);
    if (source instanceof SeekableByteChannel seekable) {
      seekable.position(seekable.position() + rest);
      jumped = true;
      return;
    }
    while (rest > 0) {
      buffer.clear().limit((int) Math.min(rest, BUFFER_BYTES));
      int read = source.read(buffer);
      buffer.limit(0);
      if (read < 0) {
        throw endsHere(position - rest);
      }
      rest -= read;
    }
  }

  private int read() throws IOException {
    int octet = peek(0);
    if (octet == END) {
      throw endsHere(position);
    }
    requireAllowed(1);
    buffer.get();
    position++;
    return octet;
  }

  /** The byte that is {@code ahead} of the next one, 0 or 1; {@link #END} where there is none. */
  private int peek(int ahead) throws IOException {
    while (buffer.remaining() <= ahead) {
      buffer.compact();
      if (jumped) {
        buffer.limit(HEADER_BYTES);
        jumped = false;
      }
      int read = source.read(buffer);
      buffer.flip();
      if (read < 0) {
        return END;
      }
    }
    return Byte.toUnsignedInt(buffer.get(buffer.position() + ahead));
  }

  private void requireAllowed(long bytes) throws EnvelopeException.Malformed {
    if (bytes > allowance - position) {
      throw malformed(position, "the header is longer than " + allowance + " bytes");
    }
  }

  private static EnvelopeException.Malformed endsHere(long offset) {
    return malformed(offset, "the message ends here, too early; was it cut short?");
  }

  private static EnvelopeException.Malformed malformed(long offset, String what) {
    return new EnvelopeException.Malformed(offset, what);
  }

  private static String hex(int octet) {
    return "%02x".formatted(octet);
  }
}
