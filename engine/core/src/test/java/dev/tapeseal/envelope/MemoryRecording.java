package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recording's objects in memory: written by a writer, read by a reader, damaged by a test. */
final class MemoryRecording implements RecordingDestination, RecordingSource {
  private final Map<RecordingPart, MemoryChannel> parts = new EnumMap<>(RecordingPart.class);
  private final boolean forwardOnly;

  private MemoryRecording(boolean forwardOnly) {
    this.forwardOnly = forwardOnly;
  }

  /** Takes recordings as a file does. */
  static MemoryRecording seekable() {
    return new MemoryRecording(false);
  }

  /** Takes recordings as a PUT does, three bytes less than it is offered at a time. */
  static MemoryRecording forwardOnly() {
    return new MemoryRecording(true);
  }

  static MemoryRecording of(byte[] media) {
    return seekable().with(RecordingPart.MEDIA, media);
  }

  MemoryRecording with(RecordingPart part, byte[] bytes) {
    parts.put(part, new MemoryChannel(bytes));
    return this;
  }

  MemoryRecording without(RecordingPart part) {
    parts.remove(part);
    return this;
  }

  /** An independent copy. */
  MemoryRecording copy() {
    MemoryRecording copy = new MemoryRecording(forwardOnly);
    parts.forEach((part, channel) -> copy.with(part, channel.bytes()));
    return copy;
  }

  byte[] media() {
    return bytes(RecordingPart.MEDIA);
  }

  byte[] bytes(RecordingPart part) {
    MemoryChannel channel = parts.get(part);
    if (channel == null) {
      throw new IllegalStateException(part + " was never created");
    }
    return channel.bytes();
  }

  boolean isOpen(RecordingPart part) {
    MemoryChannel channel = parts.get(part);
    return channel != null && channel.isOpen();
  }

  @Override
  public WritableByteChannel create(RecordingPart part) {
    MemoryChannel channel = new MemoryChannel(new byte[0]);
    parts.put(part, channel);
    return forwardOnly ? new ForwardOnly(channel) : channel;
  }

  @Override
  public @Nullable SeekableByteChannel open(RecordingPart part) {
    MemoryChannel channel = parts.get(part);
    return channel == null ? null : new MemoryChannel(channel.bytes());
  }

  private record ForwardOnly(MemoryChannel channel) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      int taken = source.remaining() > 3 ? source.remaining() - 3 : source.remaining();
      ByteBuffer part = source.slice().limit(taken);
      channel.write(part);
      source.position(source.position() + taken);
      return taken;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
