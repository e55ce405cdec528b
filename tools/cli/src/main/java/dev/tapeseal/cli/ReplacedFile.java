package dev.tapeseal.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * A file that is written anew in its place: at any time, also after a power cut, the old one is there or the new one,
 * whole. Keeps the old one's permissions; a symbolic link goes on pointing to it. Confined to one thread.
 */
final class ReplacedFile implements Closeable {
  private final Path place;
  private final Path folder;
  private final Path part;
  private final FileChannel file;
  private final WritableByteChannel channel;

  private ReplacedFile(Path named, Path place, Path folder, Path part, FileChannel file) {
    this.place = place;
    this.folder = folder;
    this.part = part;
    this.file = file;
    this.channel = new Durable(new NamedFile(named, file));
  }

  /** Begins what takes the place of a file that is there. */
  static ReplacedFile begin(Path named) throws IOException {
    Path place = named.toRealPath();
    Path folder = place.resolveSibling("");
    Path part = folder.resolve("." + place.getFileName() + "." + UUID.randomUUID() + ".part");
    part.toFile().deleteOnExit(); // Ctrl-C
    FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new ReplacedFile(named, place, folder, part, file);
  }

  /** Where the bytes go; closing it makes them durable. */
  WritableByteChannel channel() {
    return channel;
  }

  /** Puts the file, which was closed, in its place, durably. */
  void publish() throws IOException {
    PosixFileAttributeView before = Files.getFileAttributeView(place, PosixFileAttributeView.class);
    if (before != null) {
      Files.setPosixFilePermissions(part, before.readAttributes().permissions());
    }
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Leaves the old file in its place where the new one was not published. */
  @Override
  public void close() throws IOException {
    file.close();
    Files.deleteIfExists(part);
  }

  /** The file while it is written. */
  private final class Durable implements WritableByteChannel {
    private final WritableByteChannel named;

    Durable(WritableByteChannel named) {
      this.named = named;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return named.write(source);
    }

    @Override
    public boolean isOpen() {
      return named.isOpen();
    }

    @Override
    public void close() throws IOException {
      try (named) {
        if (file.isOpen()) {
          file.force(true);
        }
      }
    }
  }
}
