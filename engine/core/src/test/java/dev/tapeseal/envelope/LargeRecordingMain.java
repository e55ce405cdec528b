package dev.tapeseal.envelope;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Encrypts a recording of any size into a folder and reads it back, in a process of its own, so that its memory can be
 * limited: {@code FORMAT FORM BYTES FOLDER}. The plaintext is made and compared on the way and never lies on the disk.
 */
final class LargeRecordingMain {
  private LargeRecordingMain() {}

  public static void main(String[] arguments) throws IOException {
    RecordingFormat format = RecordingFormat.valueOf(arguments[0]);
    LengthForm form = LengthForm.valueOf(arguments[1]);
    long bytes = Long.parseLong(arguments[2]);
    Path media = Path.of(arguments[3]).resolve(format + "-" + form);

    write(format, form, bytes, media);
    readAtRandom(bytes, media);
    readAsItComes(bytes, media);
    System.out.println(format + " " + form + ": " + bytes + " bytes came back");
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .forEach(System.out::println);
    }
  }

  private static void write(RecordingFormat format, LengthForm form, long bytes, Path media)
      throws IOException {
    RecordingDestination folder = part -> {
      FileChannel file = FileChannel.open(
          media.resolveSibling(media.getFileName() + part.suffix()),
          CREATE,
          TRUNCATE_EXISTING,
          WRITE);
      return form == LengthForm.INDEFINITE ? new ForwardOnly(file) : file;
    };
    RecordingOptions options = RecordingOptions.live().withMac(Recordings.CONTEXT);
    try (RecordingWriter writer = RecordingWriter.open(
        format,
        Recordings.sessionKey(format, List.of(FIRST)),
        folder,
        form == LengthForm.DER ? options.withPlaintextBytes(bytes) : options,
        Recordings.RANDOM)) {
      RecordingCopy.encrypt(new Pattern(bytes), writer, done -> {});
    }
  }

  private static void readAtRandom(long bytes, Path media) throws IOException {
    try (RecordingReader reader = RecordingReader.open(
        RecordingSource.ofFile(media),
        new PrivateKeyUnwrapper(FIRST),
        RecordingExpectation.authenticated(Recordings.CONTEXT))) {
      require(reader.size(), bytes);
      for (long from = bytes - 1; from >= 0; from -= bytes / 100 + 1) {
        ByteBuffer one = ByteBuffer.allocate(1);
        reader.position(from).read(one);
        require(one.get(0), Pattern.at(from));
      }
      reader.position(0);
      require(RecordingCopy.decrypt(reader, new Comparison(), done -> {}), bytes);
    }
  }

  private static void readAsItComes(long bytes, Path media) throws IOException {
    try (RecordingStream stream = RecordingReader.openStream(
        FileChannel.open(media, READ),
        RecordingSource.ofFile(media),
        new PrivateKeyUnwrapper(FIRST),
        RecordingExpectation.none())) {
      require(RecordingCopy.decrypt(stream, new Comparison(), done -> {}), bytes);
    }
  }

  private static void require(long found, long expected) throws IOException {
    if (found != expected) {
      throw new IOException("found " + found + " (expected: " + expected + ")");
    }
  }

  /** So many bytes of a pattern that shows a piece in the wrong place: each row is its number, then its own steps. */
  private static final class Pattern implements ReadableByteChannel {
    private long position;
    private final long end;

    Pattern(long end) {
      this.end = end;
    }

    static byte at(long position) {
      long row = position >>> 3;
      return (byte) ((row * 0x9E3779B97F4A7C15L) >>> ((position & 7) * Byte.SIZE));
    }

    @Override
    public int read(ByteBuffer target) {
      if (position == end) {
        return -1;
      }
      int length = (int) Math.min(target.remaining(), end - position);
      for (int i = 0; i < length; i++) {
        target.put(at(position + i));
      }
      position += length;
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Takes what was read and refuses what is not the pattern. */
  private static final class Comparison implements WritableByteChannel {
    private long position;

    @Override
    public int write(ByteBuffer source) throws IOException {
      int length = source.remaining();
      while (source.hasRemaining()) {
        if (source.get() != Pattern.at(position)) {
          throw new IOException("byte " + position + " differs");
        }
        position++;
      }
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private record ForwardOnly(FileChannel file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      return file.write(source);
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
}
