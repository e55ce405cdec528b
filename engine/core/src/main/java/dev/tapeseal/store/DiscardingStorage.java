package dev.tapeseal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes files, seekable as those of a folder, and keeps their lengths alone. Safe for any thread. */
final class DiscardingStorage implements MediaStorage {
  @Override
  public PendingFile create(RecordingPlace place, String name) {
    return new Discarded();
  }

  @Override
  public SeekableByteChannel open(RecordingPlace place, String name) throws IOException {
    throw new NoSuchFileException(name, null, "the store keeps nothing");
  }

  @Override
  public boolean exists(RecordingPlace place, String name) {
    return false;
  }

  @Override
  public void force(RecordingPlace place) {}

  @Override
  public Remains delete(RecordingPlace place) throws IOException {
    throw new NoSuchFileException(place.id().value(), null, "the store keeps nothing");
  }

  @Override
  public Map<String, String> descriptor(RecordingPlace place, String name) {
    return Map.of("storage", "none");
  }

  @Override
  public List<StoredDay> days() {
    return List.of();
  }

  @Override
  public Set<RecordingId> recordings(StoredDay day) {
    return Set.of();
  }

  @Override
  public String mark(StoredDay day) {
    return "";
  }

  @Override
  public void sweep(Leftovers leftovers) {}

  @Override
  public void close() {}

  /** A file of which nothing but its length is known. */
  private static final class Discarded implements PendingFile, SeekableByteChannel {
    private long position;
    private long size;
    private boolean closed;

    @Override
    public WritableByteChannel channel() {
      return this;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      int length = source.remaining();
      source.position(source.limit());
      position += length;
      size = Math.max(size, position);
      return length;
    }

    @Override
    public int read(ByteBuffer target) {
      throw new NonReadableChannelException();
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

    @Override
    public long size() {
      return size;
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
      size = Math.min(size, newSize);
      return this;
    }

    @Override
    public long sizeBytes() {
      return size;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void force() {}

    @Override
    public void publish() {}

    @Override
    public void publishReplacing() {}

    @Override
    public void settle() {}

    @Override
    public void discard() {}
  }
}
