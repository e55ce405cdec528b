package dev.tapeseal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells one version of a file from another without reading it, which costs one call to the file system. Taken before
 * the content is read it is at worst that of an older version, so that the file is read once more.
 *
 * @param fileKey what the file system calls the file; null where it calls it nothing
 * @param sizeBytes its length
 * @param modified when it was changed last, by the file system's clock
 */
public record FileStamp(@Nullable Object fileKey, long sizeBytes, Instant modified) {

  // Two changes within one tick of the file system's clock could look alike where a file is written
  // in place.
  private static final Duration YOUNG = Duration.ofMillis(100);

  /**
   * That of a file as it is now.
   *
   * @throws NoSuchFileException where there is none
   */
  public static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(
        attributes.fileKey(), attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** Whether the file was changed so short a time before that another change could look alike. */
  public boolean isYoungAt(Instant now) {
    return modified.isAfter(now.minus(YOUNG));
  }
}
