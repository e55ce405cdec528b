package dev.tapeseal.authority;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Writes PEM files: never over an existing one; what cannot be written whole is removed again. */
public final class CertificateFiles {
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private CertificateFiles() {}

  /**
   * Writes certificates into a new file, in the order given: for a CA bundle the nearest authority first, the root
   * last.
   *
   * @throws IOException where the file exists or cannot be written; then nothing new is left
   */
  public static void write(Path file, List<RecordingCertificate> certificates) throws IOException {
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    certificates.forEach(certificate -> pem.writeBytes(certificate.toPem()));
    write(file, pem.toByteArray(), new FileAttribute<?>[0]);
  }

  /** Writes a file that only its owner may read, mode 0600 from the start where the file system has modes. */
  static void writeSecret(Path file, byte[] content) throws IOException {
    boolean hasModes = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes = hasModes
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
    write(file, content, attributes);
  }

  private static void write(Path file, byte[] content, FileAttribute<?>[] attributes)
      throws IOException {
    boolean complete = false;
    try (FileChannel channel = FileChannel.open(file, NEW_FILE, attributes)) {
      try {
        ByteBuffer remaining = ByteBuffer.wrap(content);
        while (remaining.hasRemaining()) {
          channel.write(remaining);
        }
        channel.force(true);
        complete = true;
      } finally {
        if (!complete) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
