package dev.tapeseal.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/** New passwords that nobody has to remember: 32 letters and digits, some 190 bits. */
final class Passwords {
  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final int LENGTH = 32;

  private Passwords() {}

  /** A fresh one, which the caller wipes. */
  static char[] random(SecureRandom random) {
    char[] password = new char[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      password[i] = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    }
    return password;
  }

  /** Writes one into a new file that its owner alone may read from the moment that it exists. */
  static void write(Path file, char[] password) throws IOException {
    byte[] line = new byte[password.length + 1];
    for (int i = 0; i < password.length; i++) {
      line[i] = (byte) password[i];
    }
    line[password.length] = '\n';
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try (FileChannel out = FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }
}
