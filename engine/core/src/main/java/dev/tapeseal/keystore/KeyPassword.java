package dev.tapeseal.keystore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The password of a private key: bytes, as OpenSSL takes them, wiped when it is closed. Confined to one thread.
 */
public final class KeyPassword implements AutoCloseable {

  /** The longest password, in bytes; OpenSSL's limit too. */
  public static final int MAX_BYTES = 1024;

  private static final int MAX_BYTES_PER_CHAR = 3; // of UTF-8, a surrogate being half a character

  private final byte[] bytes;
  private boolean closed;

  private KeyPassword(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes the first line of a file, without its line end (LF or CRLF).
   *
   * @throws IOException where the file cannot be read
   * @throws PrivateKeyException.PasswordMissing where the first line is empty
   * @throws PrivateKeyException.PasswordWrong where it is longer than {@link #MAX_BYTES}
   */
  public static KeyPassword read(Path file) throws IOException, PrivateKeyException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(MAX_BYTES + 2); // a whole CRLF may follow the longest password
    }
    try {
      int end = 0;
      while (end < start.length && start[end] != '\n') {
        end++;
      }
      if (end > 0 && end < start.length && start[end - 1] == '\r') {
        end--;
      }
      if (end == 0) {
        throw new PrivateKeyException.PasswordMissing(
            file + ": the first line is empty (expected: the password)");
      }
      if (end > MAX_BYTES) {
        throw new PrivateKeyException.PasswordWrong(file + ": the first line is longer than "
            + MAX_BYTES + " bytes (expected: the password)");
      }
      return new KeyPassword(Arrays.copyOf(start, end));
    } finally {
      Arrays.fill(start, (byte) 0);
    }
  }

  /** Takes a copy, in UTF-8; the caller wipes its own array. */
  public static KeyPassword of(char[] password) {
    ByteBuffer encoded = ByteBuffer.allocate(password.length * MAX_BYTES_PER_CHAR);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(password), encoded, true);
    try {
      return new KeyPassword(Arrays.copyOf(encoded.array(), encoded.position()));
    } finally {
      Arrays.fill(encoded.array(), (byte) 0);
    }
  }

  /** The password's own bytes, not a copy. */
  byte[] bytes() {
    requireOpen();
    return bytes;
  }

  /** The password as characters, read as UTF-8, which the caller wipes. */
  public char[] copyChars() {
    requireOpen();
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(bytes), decoded, true);
    try {
      return Arrays.copyOf(decoded.array(), decoded.position());
    } finally {
      Arrays.fill(decoded.array(), '\0');
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("password: closed");
    }
  }

  /** Wipes the password. May be called more than once. */
  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "KeyPassword";
  }
}
