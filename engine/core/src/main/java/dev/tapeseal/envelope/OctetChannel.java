package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * The octets of a content, and nothing of the message around them; read only. A read ends where a piece does.
 * Confined to one thread.
 */
final class OctetChannel implements SeekableByteChannel {
  private final MessageWindow message;
  private final PieceMap map;
  private final PieceMap.Run run = new PieceMap.Run();
  private long position;
  private boolean open = true;

  OctetChannel(SeekableByteChannel message, PieceMap map) {
    this.message = new MessageWindow(message);
    this.map = map;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= map.octets()) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    if (!run.covers(position)) {
      map.locate(position, run);
    }
    long within = position - run.octet;
    int part = (int) Math.min(target.remaining(), run.length - within);
    int read = message.read(run.offset + within, target, part);
    position += read;
    return read;
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
    return map.octets();
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

  /** Leaves the message open. */
  @Override
  public void close() {
    open = false;
  }
}
