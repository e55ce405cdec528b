package dev.tapeseal.profile;

import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.Shown;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a profile's options say about recording, read with their checks.
 *
 * <p>The documented options: section {@code gvp.general} with {@code service-type} and {@code
 * geo-location}; section {@code gvp.service-parameters} with {@link #CA_FILE} = {@code
 * fixed,<path>}. The fields of the Recording tab are documented, but not which options they become;
 * those stand in a section of ours, {@code tapeseal.recording}, so that they are never taken for
 * the platform's.
 */
final class RecordingOptions {
  static final String CA_FILE = "recordingclient.gvp.config.mpc.mediamgr.CA_file";
  static final String GENERAL = "gvp.general";
  static final String SERVICE_PARAMETERS = "gvp.service-parameters";
  static final String OURS = "tapeseal.recording";

  static final String FIXED = "fixed,";
  private static final String WHEN_CERTIFICATES_FAIL = "when-certificates-fail";
  private static final String REFUSE = "refuse";
  private static final String RECORD = "record-with-those-that-pass";
  private static final Pattern FORMAT = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final String DEFAULT_FORMAT = "pkcs7";
  private static final int MAX_LENGTH = 1024;

  private RecordingOptions() {}

  static CertificateFailure certificateFailure(Options options) throws ProfileException {
    Optional<String> text = options.find(OURS, WHEN_CERTIFICATES_FAIL);
    return switch (text.orElse(REFUSE)) {
      case REFUSE -> CertificateFailure.REFUSE;
      case RECORD -> CertificateFailure.RECORD_WITH_THOSE_THAT_PASS;
      default ->
        throw options.invalid(
            OURS,
            WHEN_CERTIFICATES_FAIL,
            Shown.of(text.orElse("")) + " (expected: " + REFUSE + " or " + RECORD + ")");
    };
  }

  /** A relative path counts from the data folder, which is ours. */
  static Optional<Path> caFile(Options options, Path dataFolder) throws ProfileException {
    Optional<String> text = options.find(SERVICE_PARAMETERS, CA_FILE);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String path =
        text.get().startsWith(FIXED) ? text.get().substring(FIXED.length()).strip() : "";
    try {
      if (path.isEmpty()) {
        throw new InvalidPathException(path, "no path");
      }
      return Optional.of(dataFolder.resolve(Path.of(path)));
    } catch (InvalidPathException e) {
      throw options.invalid(
          SERVICE_PARAMETERS,
          CA_FILE,
          Shown.of(text.get()) + " (expected: fixed,PATH with the path of a PEM file)");
    }
  }

  static RecordingDestinations destinations(Options options) throws ProfileException {
    return new RecordingDestinations(
        destination(options, "storage-destination"),
        authorization(options, "storage-authorization"),
        destination(options, "recording-processor-uri"),
        destination(options, "speechminer-destination"),
        destination(options, "speechminer-interaction-receiver"),
        authorization(options, "speechminer-interaction-receiver-authorization"));
  }

  static Optional<StorageMimeType> mimeType(Options options) throws ProfileException {
    Optional<String> text = options.find(OURS, "mime-type");
    Optional<StorageMimeType> type = text.flatMap(StorageMimeType::of);
    if (text.isPresent() && type.isEmpty()) {
      throw options.invalid(
          OURS, "mime-type", Shown.of(text.get()) + " (expected: audio/wav or audio/mp3)");
    }
    return type;
  }

  static Optional<String> alertToneSource(Options options) throws ProfileException {
    return destination(options, "alert-tone-source");
  }

  static Optional<FileNameTemplate> fileNameTemplate(Options options) throws ProfileException {
    Optional<String> text = options.find(OURS, "file-name-template");
    try {
      return text.map(FileNameTemplate::parse);
    } catch (IllegalArgumentException e) {
      throw options.invalid(OURS, "file-name-template", String.valueOf(e.getMessage()));
    }
  }

  static String format(Options options) throws ProfileException {
    String format = options.find(OURS, "format").orElse(DEFAULT_FORMAT);
    if (!FORMAT.matcher(format).matches()) {
      throw options.invalid(
          OURS, "format", Shown.of(format) + " (expected: the name of a format such as pkcs7)");
    }
    return format;
  }

  /**
   * An address or a path. An HTTP address must not hold a password: addresses are shown in lists
   * and logs.
   */
  private static Optional<String> destination(Options options, String name)
      throws ProfileException {
    Optional<String> text = options.find(OURS, name).filter(value -> !value.isEmpty());
    if (text.isEmpty()) {
      return text;
    }
    String lowerCase = text.get().toLowerCase(Locale.ROOT);
    boolean isHttp = lowerCase.startsWith("http:") || lowerCase.startsWith("https:");
    boolean isSound = text.get().length() <= MAX_LENGTH
        && text.get().chars().noneMatch(Character::isISOControl)
        && (!isHttp || isHttpAddress(text.get()));
    if (!isSound) { // the value is not shown: it may hold a password
      throw options.invalid(
          OURS,
          name,
          "not an address (expected: a path, or an http or https address without user and password; those have an"
              + " option of their own)");
    }
    return text;
  }

  private static boolean isHttpAddress(String text) {
    try {
      URI uri = new URI(text);
      return uri.getHost() != null && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Optional<Secret> authorization(Options options, String name)
      throws ProfileException {
    Optional<String> text = options.find(OURS, name).filter(value -> !value.isEmpty());
    if (text.isPresent() && text.get().indexOf(':') < 1) {
      throw options.invalid(OURS, name, "not a credential (expected: username:password)");
    }
    return text.map(value -> Secret.copyOf(value.toCharArray()));
  }
}
