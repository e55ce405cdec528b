package dev.tapeseal.profile;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.files.FileStamp;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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

  private record Kept(FileStamp stamp, CertificatePolicy policy) {}

  /**
   * The rules, chains against a CA file among them. The same object while the file is: it remembers what it accepted.
   *
   * @param whose what names it, for messages
   * @throws ProfileException.CaFileUnusable where there is none to check chains against
   */
  CertificatePolicy policy(Path file, String whose) throws ProfileException.CaFileUnusable {
    try {
      Instant now = Instant.now();
      FileStamp stamp = FileStamp.of(file);
      Kept before = kept.get(file);
      if (before != null && before.stamp().equals(stamp)) {
        return before.policy();
      }
      CertificatePolicy policy = rules.withCa(CaBundle.read(file));
      if (!stamp.isYoungAt(now)) {
        kept.put(file, new Kept(stamp, policy));
      }
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
