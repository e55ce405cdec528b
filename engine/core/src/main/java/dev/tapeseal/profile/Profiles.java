package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.settings.Shown;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The IVR profiles of a data folder: the files {@code profiles/NAME.json}, {@code {"sections":
 * {SECTION: {OPTION: "value"}}}}, whose sections and options are as on the platform. Members that
 * we do not know are kept.
 *
 * <p>Every file is replaced atomically, and changes exclude each other, between processes too.
 * Readers never wait and always see the present files; a profile that has not changed is not read
 * again, which costs one call to the file system. Safe for any thread.
 *
 * <p>Whether a certificate may be deployed is for the caller's {@link
 * dev.tapeseal.certificate.CertificatePolicy} to decide before.
 *
 * <p>It is longer than most classes because each change that can be made to a profile is a method with its refusals.
 */
public final class Profiles {
  private static final String FOLDER = "profiles";
  private static final String SUFFIX = ".json";

  private final Path dataFolder;
  private final Path folder;
  private final String defaultName;
  private final ConcurrentMap<ProfileName, JsonFile<IvrProfile>> kept = new ConcurrentHashMap<>();

  private Profiles(Path dataFolder, String defaultName) {
    this.dataFolder = dataFolder;
    this.folder = dataFolder.resolve(FOLDER);
    this.defaultName = defaultName;
  }

  /**
   * The profiles of a data folder, which need not exist yet; the default profile is the one named
   * {@code default}.
   */
  public static Profiles open(Path dataFolder) {
    return open(dataFolder, "default");
  }

  /**
   * The profiles of a data folder.
   *
   * @param defaultName the name of the default profile, which need not exist
   */
  public static Profiles open(Path dataFolder, String defaultName) {
    return new Profiles(dataFolder.toAbsolutePath(), defaultName);
  }

  /**
   * The names of all profiles, in order.
   *
   * @throws ProfileException.Invalid where a file's name is none that a profile may have
   */
  public List<ProfileName> names() throws IOException {
    List<ProfileName> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Profiles::isProfile)) {
      for (Path entry : entries) {
        String fileName = String.valueOf(entry.getFileName());
        try {
          names.add(new ProfileName(fileName.substring(0, fileName.length() - SUFFIX.length())));
        } catch (IllegalArgumentException e) {
          throw new ProfileException.Invalid(folder + ": " + e.getMessage());
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
    Collections.sort(names);
    return names;
  }

  private static boolean isProfile(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return name.endsWith(SUFFIX) && !name.startsWith(".");
  }

  /**
   * One profile.
   *
   * @throws ProfileException.NotFound where there is none of that name
   * @throws ProfileException.Invalid where its file cannot be understood
   */
  public IvrProfile load(ProfileName name) throws IOException {
    Optional<IvrProfile> profile = read(name);
    if (profile.isEmpty()) {
      throw notFound(name);
    }
    return profile.get();
  }

  /**
   * All profiles by name. One that cannot be understood fails them all: a call that is recorded
   * under another profile than its own would be encrypted for the wrong readers.
   */
  public List<IvrProfile> all() throws IOException {
    List<IvrProfile> profiles = new ArrayList<>();
    for (ProfileName name : names()) {
      read(name).ifPresent(profiles::add); // one that was deleted meanwhile is not there
    }
    return profiles;
  }

  /**
   * The profile that a call is recorded under, in the documented order: among those of service type
   * {@code record} the one of the call's geo-location; the only one, where the call has no
   * geo-location; the one named {@code record}; the default. Which of several of one geo-location,
   * and what counts as the default, is ours.
   *
   * @param geoLocation the call's, where it has one
   * @throws ProfileException.NotFound where that finds none
   */
  public IvrProfile select(Optional<String> geoLocation) throws IOException {
    List<IvrProfile> profiles = all();
    Optional<IvrProfile> selected = ProfileSelection.select(profiles, geoLocation, defaultName);
    if (selected.isEmpty()) {
      throw new ProfileException.NotFound(folder + ": no IVR profile to record under"
          + geoLocation
              .map(location -> " at geo-location " + Shown.of(location))
              .orElse("") + " among "
          + profiles.size()
          + " (expected: one of that geo-location, the only one, or one named 'record' or "
          + Shown.of(defaultName) + ")");
    }
    return selected.get();
  }

  /**
   * Makes an empty profile.
   *
   * @throws ProfileException.Conflict where there is one of that name
   */
  public IvrProfile create(ProfileName name) throws IOException {
    return create(name, List.of());
  }

  /**
   * Makes a profile without certificates.
   *
   * @throws ProfileException.Conflict where there is one of that name
   * @throws ProfileException.Invalid where a value does not fit; there is no file then
   */
  public IvrProfile create(ProfileName name, List<ProfileOption> options) throws IOException {
    JsonFile<IvrProfile> file = file(name);
    return file.change(tree -> {
      if (!tree.isEmpty() || Files.exists(file.path())) {
        throw new ProfileException.Conflict(
            file.path() + ": exists (expected: a name that no IVR profile has)");
      }
      tree.putObject("sections");
      set(new Options(tree, file.path().toString()), options);
    });
  }

  /**
   * Adds a certificate, under the lowest free number.
   *
   * @throws ProfileException.NotFound where there is no such profile
   * @throws ProfileException.Conflict where it is deployed there already, or {@link
   *     DeployedCertificates#MAX_CERTIFICATES} are
   */
  public IvrProfile deploy(ProfileName name, RecordingCertificate certificate) throws IOException {
    return change(name, options -> DeployedCertificates.add(options, certificate));
  }

  /**
   * Removes a certificate; new recordings are not encrypted under it, and old ones stay as they
   * are.
   *
   * @throws ProfileException.NotFound where there is no such profile, or it is not deployed there
   */
  public IvrProfile withdraw(ProfileName name, RecordingCertificate certificate)
      throws IOException {
    return change(name, options -> DeployedCertificates.remove(options, certificate));
  }

  /**
   * Removes a certificate option by its name, for example {@code certificates-2}: the way to be rid
   * of a corrupt one.
   *
   * @throws ProfileException.NotFound where there is no such profile or option
   */
  public IvrProfile withdraw(ProfileName name, String optionName) throws IOException {
    return change(name, options -> DeployedCertificates.remove(options, optionName));
  }

  /**
   * Sets other options, all or none.
   *
   * @throws ProfileException.NotFound where there is no such profile
   * @throws ProfileException.Invalid where a value does not fit; the file stays as it was
   * @throws IllegalArgumentException for the section of the certificates, which are deployed and
   *     withdrawn
   */
  public IvrProfile set(ProfileName name, List<ProfileOption> options) throws IOException {
    return change(name, tree -> set(tree, options));
  }

  /** Sets one other option, as {@link #set(ProfileName, List)} does. */
  public IvrProfile set(ProfileName name, String section, String option, String value)
      throws IOException {
    return set(name, List.of(new ProfileOption(section, option, value)));
  }

  private static void set(Options tree, List<ProfileOption> options) throws ProfileException {
    for (ProfileOption option : options) {
      if (option.section().equals(DeployedCertificates.SECTION)) {
        throw new IllegalArgumentException(
            "section " + option.section() + ": not edited as text (expected: deploy or withdraw)");
      }
      tree.set(option.section(), option.name(), option.value());
    }
  }

  /**
   * In how many IVR profiles a certificate is deployed. Screen recording does not count, which is
   * ours.
   */
  public int deployedCount(RecordingCertificate certificate) throws IOException {
    return (int) all().stream()
        .filter(profile -> profile.deployed().contains(certificate))
        .count();
  }

  @FunctionalInterface
  private interface OptionsChange {
    void apply(Options options) throws ProfileException;
  }

  private IvrProfile change(ProfileName name, OptionsChange change) throws IOException {
    JsonFile<IvrProfile> file = file(name);
    if (!Files.exists(file.path())) {
      throw notFound(name); // before the change makes a folder, and a lock in it
    }
    return file.change(tree -> {
      if (tree.isEmpty() && !Files.exists(file.path())) {
        throw notFound(name);
      }
      change.apply(new Options(tree, file.path().toString()));
    });
  }

  private ProfileException notFound(ProfileName name) {
    return new ProfileException.NotFound(
        path(name) + ": no IVR profile " + Shown.of(name.value()) + " (expected: one that exists)");
  }

  /** Reads what is there. A name is kept only while it has a file: whoever asks for others costs no memory. */
  private Optional<IvrProfile> read(ProfileName name) throws IOException {
    JsonFile<IvrProfile> file = kept.computeIfAbsent(name, this::file);
    Optional<IvrProfile> profile = file.read();
    if (profile.isEmpty()) {
      kept.remove(name, file);
    }
    return profile;
  }

  private JsonFile<IvrProfile> file(ProfileName name) {
    return new JsonFile<>(
        path(name), (tree, source) -> IvrProfile.of(name, new Options(tree, source), dataFolder));
  }

  private Path path(ProfileName name) {
    return folder.resolve(name.value() + SUFFIX);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
