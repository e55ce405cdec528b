package dev.tapeseal.profile;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The CA files that profiles and MCP's options name, each with the policy that checks chains against it. A file is read
 * again when it is another one, so that a call costs one call to the file system. One entry a file that was ever named.
 * Safe for any thread.
 */
final class CaFiles {
  private final CertificatePolicy rules;
  private final ConcurrentMap<Path, Kept> kept = new ConcurrentHashMap<>();

  /** Takes the rules that are not about chains. */
  CaFiles(CertificatePolicy rules) {
    this.rules = rules;
  }

  private record Kept(
      @Nullable Object fileKey, long size, FileTime modified, CertificatePolicy policy) {
    boolean isOf(BasicFileAttributes now) {
      return size == now.size()
          && modified.equals(now.lastModifiedTime())
          && (fileKey == null || fileKey.equals(now.fileKey()));
    }
  }

  /**
   * The rules, chains against a CA file among them. The same object while the file is: it remembers what it accepted.
   *
   * @param whose what names it, for messages
   * @throws ProfileException.CaFileUnusable where there is none to check chains against
   */
  CertificatePolicy policy(Path file, String whose) throws ProfileException.CaFileUnusable {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Kept before = kept.get(file);
      if (before != null && before.isOf(now)) {
        return before.policy();
      }
      CertificatePolicy policy = rules.withCa(CaBundle.read(file));
      kept.put(file, new Kept(now.fileKey(), now.size(), now.lastModifiedTime(), policy));
      return policy;
    } catch (NoSuchFileException e) {
      throw unusable(whose, file + ": does not exist");
    } catch (RecordingCertificateException e) {
      throw unusable(whose, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unusable(whose, file + ": cannot be read: " + e.getMessage());
    }
  }

  private static ProfileException.CaFileUnusable unusable(String whose, String why) {
    return new ProfileException.CaFileUnusable("nothing may be recorded: " + whose
        + " names a CA file that chains cannot be checked against: " + why);
  }
}
