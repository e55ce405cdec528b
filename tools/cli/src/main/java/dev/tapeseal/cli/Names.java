package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.store.RecordingId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Names that a user types, refused as a usage error where they are none. */
final class Names {
  private static final Pattern OPTION = Pattern.compile("certificates-[0-9]+");

  private Names() {}

  /** An IVR profile's. */
  static ProfileName profile(String text) {
    try {
      return new ProfileName(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** A recording's id. */
  static RecordingId recording(String text) {
    try {
      return new RecordingId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether it is the name of an option that holds a certificate, and not of a file. */
  static boolean isOption(String text) {
    return OPTION.matcher(text).matches();
  }

  /** The first certificate of a file. */
  static RecordingCertificate certificate(String file)
      throws IOException, RecordingCertificateException {
    Path path = Path.of(file);
    Inputs.requireFile(path);
    return RecordingCertificate.read(path);
  }
}
