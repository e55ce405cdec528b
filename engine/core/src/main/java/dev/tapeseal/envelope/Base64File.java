package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * Decodes base64 in a file at random, without holding it: places where decoding can start anew are kept as they are
 * passed, at most {@value #MAX_PLACES}, ever further apart; going back decodes from the last one before. The size is
 * known once everything was decoded. Confined to one thread.
 */
final class Base64File implements SeekableByteChannel {
  private static final int MAX_PLACES = 1024;
  private static final long FIRST_INTERVAL = 64 * 1024;
  private static final long UNKNOWN = -1;

  private final SeekableByteChannel file;
  private final Base64Pipe pipe;
  private final long[] textOffsets = new long[MAX_PLACES];
  private final long[] decodedOffsets = new long[MAX_PLACES];
  private int places = 1;
  private long interval = FIRST_INTERVAL;
  private long size = UNKNOWN;
  private long position;

  /** Decodes what begins at an offset of the file. */
  Base64File(SeekableByteChannel file, long bodyOffset) throws IOException {
    this.file = file;
    this.pipe = new Base64Pipe(file);
    textOffsets[0] = bodyOffset;
    restart(0);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (!seek()) {
      return -1;
    }
    int read = pipe.read(target);
    position += Math.max(read, 0);
    return read;
  }

  /** Has the wanted byte be the next one decoded; false where there is none. */
  private boolean seek() throws IOException {
    long next = pipe.decodedOffset() - pipe.decoded().remaining();
    int place = placeBefore(position);
    if (position < next || decodedOffsets[place] > pipe.decodedOffset()) {
      restart(place);
    }
    while (position >= pipe.decodedOffset()) {
      pipe.decoded().position(pipe.decoded().limit());
      if (!decodeMore()) {
        return false;
      }
    }
    ByteBuffer decoded = pipe.decoded();
    decoded.position(decoded.limit() - (int) (pipe.decodedOffset() - position));
    return true;
  }

  private boolean decodeMore() throws IOException {
    if (!pipe.decodeMore()) {
      size = pipe.decodedOffset();
      return false;
    }
    if (pipe.isBetweenGroups() && pipe.decodedOffset() >= decodedOffsets[places - 1] + interval) {
      keepPlace();
    }
    return true;
  }

  private void keepPlace() {
    if (places == MAX_PLACES) {
      for (int i = 1; 2 * i < places; i++) {
        textOffsets[i] = textOffsets[2 * i];
        decodedOffsets[i] = decodedOffsets[2 * i];
      }
      places /= 2;
      interval *= 2;
    }
    textOffsets[places] = pipe.textOffset();
    decodedOffsets[places] = pipe.decodedOffset();
    places++;
  }

  private int placeBefore(long decodedOffset) {
    int low = 0;
    int high = places - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (decodedOffsets[middle] <= decodedOffset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void restart(int place) throws IOException {
    file.position(textOffsets[place]);
    pipe.restart(textOffsets[place], decodedOffsets[place]);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  /** Decodes to the end where that was not done before. */
  @Override
  public long size() throws IOException {
    if (size == UNKNOWN) {
      long back = position;
      position = Long.MAX_VALUE;
      seek();
      position = back;
    }
    return size;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
