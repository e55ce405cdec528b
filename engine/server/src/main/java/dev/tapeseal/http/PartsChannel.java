package dev.tapeseal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * A {@code multipart/byteranges} body (RFC 9110 section 14.6), part after part from one channel, whose length is known
 * before it is read. Closes its source.
 */
final class PartsChannel implements ReadableByteChannel {
  private final SeekableByteChannel source;
  private final Iterator<ByteRange> ranges;
  private final Framing framing;
  private ByteBuffer text;
  private ReadableByteChannel slice;
  private boolean ended;

  /** The lines around the parts, as nginx has them. */
  record Framing(String boundary, String mediaType, long completeLength) {
    byte[] before(ByteRange range) {
      return ("\r\n--" + boundary + "\r\nContent-Type: " + mediaType + "\r\nContent-Range: "
              + range.contentRange(completeLength) + "\r\n\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] end() {
      return ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    long length(List<ByteRange> ranges) {
      long length = end().length;
      for (ByteRange range : ranges) {
        length += before(range).length + range.length();
      }
      return length;
    }
  }

  PartsChannel(SeekableByteChannel source, List<ByteRange> ranges, Framing framing) {
    this.source = source;
    this.ranges = ranges.iterator();
    this.framing = framing;
    this.text = ByteBuffer.allocate(0);
    this.slice = new SliceChannel(source, 0);
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    while (true) {
      if (text.hasRemaining()) {
        int count = Math.min(text.remaining(), destination.remaining());
        destination.put(text.slice().limit(count));
        text.position(text.position() + count);
        return count;
      }
      int read = slice.read(destination);
      if (read >= 0) {
        return read;
      }
      if (ended) {
        return -1;
      }
      if (ranges.hasNext()) {
        ByteRange range = ranges.next();
        source.position(range.first());
        text = ByteBuffer.wrap(framing.before(range));
        slice = new SliceChannel(source, range.length());
      } else {
        text = ByteBuffer.wrap(framing.end());
        ended = true;
      }
    }
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
