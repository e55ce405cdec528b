package dev.tapeseal.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose failed writes name it, and are remembered: who prints is not told of them, and what was lost must not
 * look written.
 */
final class NamedOutput extends OutputStream {
  private final String name;
  private final OutputStream stream;
  private @Nullable IOException failure;

  NamedOutput(String name, OutputStream stream) {
    this.name = name;
    this.stream = stream;
  }

  /** The first write that failed; null where none did. */
  @Nullable
  IOException failure() {
    return failure;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      stream.flush();
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private IOException named(IOException unnamed) {
    FileSystemException named =
        new FileSystemException(name, null, "cannot be written: " + unnamed.getMessage());
    named.initCause(unnamed);
    if (failure == null) {
      failure = named;
    }
    return named;
  }
}
