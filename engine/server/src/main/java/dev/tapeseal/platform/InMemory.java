package dev.tapeseal.platform;

import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recording that is nowhere but here: for the self-test, which must not depend on a storage. */
final class InMemory implements RecordingDestination, RecordingSource {
  private final Map<RecordingPart, ByteArrayOutputStream> parts =
      new EnumMap<>(RecordingPart.class);

  @Override
  public WritableByteChannel create(RecordingPart part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    parts.put(part, bytes);
    return Channels.newChannel(bytes);
  }

  @Override
  public @Nullable SeekableByteChannel open(RecordingPart part) {
    ByteArrayOutputStream bytes = parts.get(part);
    return bytes == null ? null : new Bytes(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static final class Bytes implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private boolean open = true;

    Bytes(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer destination) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int length = Math.min(destination.remaining(), bytes.remaining());
      destination.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      return length;
    }

    @Override
    public long position() {
      return bytes.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
      bytes.position((int) Math.min(position, bytes.limit()));
      return this;
    }

    @Override
    public long size() {
      return bytes.limit();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
