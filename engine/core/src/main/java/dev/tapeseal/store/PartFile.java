package dev.tapeseal.store;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of a folder's storage on its way to its name: {@code .<name>.<uuid>.part} in the same folder.
 *
 * <p>Publishing makes a second hard link and leaves the first, so that a sweep can tell from the two being one
 * file who published it. Once a write or an fsync failed it can only be discarded: the system may have dropped the
 * bytes and will not say so again.
 *
 * <p>It is longer than most classes because the file and the channel that it is written through share one state.
 */
final class PartFile implements PendingFile {
  private static final Pattern NAME =
      Pattern.compile("\\.(.+)\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.part");

  private enum State {
    OPEN,
    STORED,
    PUBLISHED,
    REPLACED,
    FAILED,
    GONE
  }

  private final Path folder;
  private final Path part;
  private final Path published;
  private final Path replacement;
  private final FileChannel file;
  private final LiveWriter writer;
  private final DiskSteps steps;
  private final Destination destination = new Destination();
  private State state = State.OPEN;
  private long sizeBytes;

  private PartFile(
      Path folder,
      Path part,
      Path published,
      Path replacement,
      FileChannel file,
      LiveWriter writer,
      DiskSteps steps) {
    this.folder = folder;
    this.part = part;
    this.published = published;
    this.replacement = replacement;
    this.file = file;
    this.writer = writer;
    this.steps = steps;
  }

  static PartFile create(Path folder, String name, LiveWriter writer, DiskSteps steps)
      throws IOException {
    Path part = folder.resolve(partName(name, writer.nextPart()));
    Path replacement = folder.resolve(partName(name, writer.nextPart()));
    steps.before(Step.CREATE, part);
    FileChannel file = FileChannel.open(
        part,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        Ownership.file(part));
    writer.begun();
    return new PartFile(folder, part, folder.resolve(name), replacement, file, writer, steps);
  }

  static String partName(String name, UUID uuid) {
    return "." + name + "." + uuid + ".part";
  }

  /** What an unfinished file's name tells; null where it is not the name of one. */
  static @Nullable PartName parse(String fileName) {
    Matcher name = NAME.matcher(fileName);
    return name.matches() ? new PartName(name.group(1), UUID.fromString(name.group(2))) : null;
  }

  /** The name that the file will have, and whose it is. */
  record PartName(String name, UUID uuid) {}

  @Override
  public WritableByteChannel channel() {
    return destination;
  }

  @Override
  public void force() throws IOException {
    require(State.OPEN, "forced");
    guard(Step.FORCE, () -> file.force(true));
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The closed file's bytes, which are published elsewhere. */
  SeekableByteChannel openStored() throws IOException {
    require(State.STORED, "read");
    return FileChannel.open(part, StandardOpenOption.READ);
  }

  @Override
  public void publish() throws IOException {
    require(State.STORED, "published");
    steps.before(Step.LINK, published);
    link(published);
    state = State.PUBLISHED;
  }

  @Override
  public void publishReplacing() throws IOException {
    require(State.STORED, "published");
    steps.before(Step.LINK, replacement);
    link(replacement);
    steps.before(Step.REPLACE, published);
    Files.move(
        replacement,
        published,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    state = State.REPLACED;
  }

  private void link(Path name) throws IOException {
    try {
      Files.createLink(name, part);
    } catch (UnsupportedOperationException e) {
      throw new FileSystemException(
          name.toString(),
          null,
          "the file system has no hard links (expected: one that has them, such as ext4, XFS, APFS or NTFS)");
    }
  }

  @Override
  public void settle() throws IOException {
    steps.before(Step.DELETE, part);
    Files.deleteIfExists(part);
    writer.finished();
    state = State.GONE;
  }

  @Override
  public void discard() throws IOException {
    if (state == State.GONE) {
      return;
    }
    file.close();
    if (state == State.PUBLISHED) {
      steps.before(Step.DELETE, published);
      Files.deleteIfExists(published);
    }
    steps.before(Step.DELETE, replacement);
    Files.deleteIfExists(replacement);
    settle();
    try {
      Files.deleteIfExists(folder); // a recording that was given up leaves no folder
    } catch (DirectoryNotEmptyException e) {
      return; // it is not the recording's only file
    }
  }

  private void require(State expected, String done) throws IOException {
    if (state != expected) {
      throw new IOException(published.getFileName() + " cannot be " + done + ": it is "
          + switch (state) {
            case OPEN -> "still being written";
            case STORED -> "closed";
            case PUBLISHED, REPLACED -> "published";
            case FAILED -> "incomplete, since an earlier write failed";
            case GONE -> "gone";
          });
    }
  }

  /** Does what cannot be repeated when it fails. */
  private void guard(Step step, Change change) throws IOException {
    State before = state;
    state = State.FAILED;
    try {
      steps.before(step, part);
      change.make();
    } catch (IOException e) {
      throw named(e);
    }
    state = before;
  }

  /** The system says only that the disk is full, or the file too large. */
  private IOException named(IOException failure) {
    if (failure instanceof FileSystemException) {
      return failure;
    }
    FileSystemException named = new FileSystemException(
        published.toString(), null, "cannot be written: " + failure.getMessage());
    named.initCause(failure);
    return named;
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  /** What the recording is written through. */
  private final class Destination implements SeekableByteChannel {
    private boolean closed;

    @Override
    public int write(ByteBuffer source) throws IOException {
      requireOpen();
      int length = source.remaining();
      State before = state;
      state = State.FAILED;
      try { // no guard: it would allocate
        steps.before(Step.WRITE, part);
        while (source.hasRemaining()) {
          file.write(source);
        }
      } catch (IOException e) {
        throw named(e);
      }
      state = before;
      return length;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      requireOpen();
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      requireOpen();
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      requireOpen();
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      requireOpen();
      guard(Step.WRITE, () -> file.truncate(size));
      return this;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    /** Makes the bytes durable. After a failed write it only closes. */
    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (file) {
        if (state == State.OPEN) {
          guard(Step.FORCE, () -> {
            sizeBytes = file.size();
            file.force(true);
          });
        }
      }
      if (state == State.OPEN) {
        state = State.STORED;
      }
    }

    private void requireOpen() throws IOException {
      if (closed || state == State.GONE) {
        throw new ClosedChannelException();
      }
      if (state == State.FAILED) {
        throw new IOException(published.getFileName() + " takes no more: an earlier write failed");
      }
    }
  }
}
