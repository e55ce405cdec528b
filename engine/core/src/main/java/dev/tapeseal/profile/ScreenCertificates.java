package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.settings.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The screen recording certificates of one location, of those in a data folder's file {@code screen-certificates.json}:
 * the file, which looks like an IVR profile's, is ours. What serves every location stands at its top; the others have a
 * member each of {@code locations}. Members that we do not know are kept.
 *
 * <p>A node uses those of the nearest location at or above its own that has any, and never two locations' together: ours.
 * Replaced atomically; changes exclude each other, between processes too; readers never wait and see the present file.
 * Safe for any thread. Whether a certificate may be assigned is for the caller's policy to decide before.
 */
public final class ScreenCertificates {
  private static final String FILE = "screen-certificates.json";
  private static final String LOCATIONS = "locations";

  private final JsonFile<Map<Location, DeployedCertificates>> file;
  private final Location location;

  private ScreenCertificates(
      JsonFile<Map<Location, DeployedCertificates>> file, Location location) {
    this.file = file;
    this.location = location;
  }

  /** Those of a data folder, which need not exist yet, that serve every location. */
  public static ScreenCertificates open(Path dataFolder) {
    return new ScreenCertificates(
        new JsonFile<>(dataFolder.toAbsolutePath().resolve(FILE), ScreenCertificates::byLocation),
        Location.ROOT);
  }

  /** Those that were assigned at exactly one location. */
  public ScreenCertificates at(Location other) {
    return new ScreenCertificates(file, other);
  }

  /**
   * Those that a node uses: of the nearest location at or above the node's that has any.
   *
   * @throws ProfileException.Invalid where the file cannot be understood
   */
  public ScreenCertificates forNode(Location nodePath) throws IOException {
    return at(locations().stream()
        .filter(candidate -> candidate.serves(nodePath))
        .max(Comparator.comparingInt(candidate -> candidate.path().length()))
        .orElse(Location.ROOT));
  }

  /**
   * The locations that have any, by their paths.
   *
   * @throws ProfileException.Invalid where the file cannot be understood
   */
  public List<Location> locations() throws IOException {
    List<Location> locations = new ArrayList<>();
    file.read().orElse(Map.of()).forEach((candidate, deployed) -> {
      if (!deployed.options().isEmpty()) {
        locations.add(candidate);
      }
    });
    locations.sort(Comparator.comparing(Location::path));
    return locations;
  }

  /** Whether a certificate is assigned at any location. */
  public boolean anywhere(RecordingCertificate certificate) throws IOException {
    return file.read().orElse(Map.of()).values().stream()
        .anyMatch(deployed -> deployed.contains(certificate));
  }

  /** Whose they are. */
  public Location location() {
    return location;
  }

  /**
   * The certificates that are assigned; none where there is no file.
   *
   * @throws ProfileException.Invalid where the file cannot be understood
   */
  public DeployedCertificates read() throws IOException {
    return of(file.read().orElse(Map.of()));
  }

  private DeployedCertificates of(Map<Location, DeployedCertificates> all) {
    DeployedCertificates own = all.get(location);
    return own == null ? DeployedCertificates.none(source()) : own;
  }

  /**
   * Adds a certificate.
   *
   * @throws ProfileException.Conflict where it is assigned already, or {@link
   *     DeployedCertificates#MAX_CERTIFICATES} are
   */
  public DeployedCertificates assign(RecordingCertificate certificate) throws IOException {
    return change(options -> DeployedCertificates.add(options, certificate));
  }

  /**
   * Removes a certificate; new recordings are not encrypted under it, and old ones stay as they
   * are.
   *
   * @throws ProfileException.NotFound where it is not assigned
   */
  public DeployedCertificates remove(RecordingCertificate certificate) throws IOException {
    return change(options -> DeployedCertificates.remove(options, certificate));
  }

  /**
   * Removes an option by its name, for example {@code certificates-2}: the way to be rid of a
   * corrupt one.
   *
   * @throws ProfileException.NotFound where there is no such option
   */
  public DeployedCertificates remove(String optionName) throws IOException {
    return change(options -> DeployedCertificates.remove(options, optionName));
  }

  private interface Change {
    void apply(Options options) throws ProfileException;
  }

  private DeployedCertificates change(Change change) throws IOException {
    return of(file.change(tree -> {
      if (location.equals(Location.ROOT)) {
        change.apply(new Options(tree, source()));
        return;
      }
      Optional<ObjectNode> found = Json.child(tree, LOCATIONS, file.path().toString());
      ObjectNode locations = found.isPresent() ? found.get() : tree.putObject(LOCATIONS);
      String name = nameIn(locations);
      Optional<ObjectNode> present = Json.child(locations, name, source());
      Options options =
          new Options(present.isPresent() ? present.get() : locations.putObject(name), source());
      change.apply(options);
      if (DeployedCertificates.read(options).options().isEmpty()) {
        locations.remove(name); // the locations above it serve it again
      }
    }));
  }

  /** What the location is called in the file, where somebody wrote it with a slash at its end, say. */
  private String nameIn(ObjectNode locations) {
    return locations.propertyNames().stream()
        .filter(name -> name.equals(location.path()) || name.equals(location.path() + "/"))
        .findFirst()
        .orElse(location.path());
  }

  private static Map<Location, DeployedCertificates> byLocation(ObjectNode tree, String source)
      throws ProfileException {
    Map<Location, DeployedCertificates> all = new LinkedHashMap<>();
    all.put(Location.ROOT, DeployedCertificates.read(new Options(tree, source)));
    Optional<ObjectNode> locations = Json.child(tree, LOCATIONS, source);
    if (locations.isEmpty()) {
      return all;
    }
    for (String name : locations.get().propertyNames()) {
      Location location = locationOf(name, source);
      ObjectNode options = Json.child(locations.get(), name, source + ": " + LOCATIONS)
          .orElseThrow(() -> new ProfileException.Invalid(
              source + ": location " + Shown.of(name) + " (expected: a JSON object)"));
      DeployedCertificates read =
          DeployedCertificates.read(new Options(options, at(source, location)));
      if (all.put(location, read) != null) {
        throw new ProfileException.Invalid(
            source + ": location " + location + ", twice (expected: once, and / at the top)");
      }
    }
    return all;
  }

  private static Location locationOf(String name, String source) throws ProfileException {
    try {
      return new Location(name);
    } catch (IllegalArgumentException e) {
      throw new ProfileException.Invalid(source + ": " + e.getMessage());
    }
  }

  private String source() {
    return at(file.path().toString(), location);
  }

  private static String at(String source, Location location) {
    return location.equals(Location.ROOT) ? source : source + ": location " + location;
  }

  @Override
  public String toString() {
    return source();
  }
}
