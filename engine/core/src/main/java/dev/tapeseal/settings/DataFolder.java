package dev.tapeseal.settings;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder that a deployment lies in, and what its settings put elsewhere. The layout is ours:
 *
 * <pre>
 * recordings/               the recordings and their catalog
 * profiles/NAME.json        the IVR profiles
 * screen-certificates.json  the screen recording certificates
 * keystore.p12              the private keys
 * mcp.cfg                   MCP's options, section [mpc]
 * rcs.properties            the settings, which may name other places
 * users                     who may do what
 * undelivered/              calls whose profile stores them elsewhere, until they are there
 * media/                    files that a call may be played of
 * audit.log                 who played what
 * keystore-password.txt     the key store's password where nobody gave another place for it
 * </pre>
 *
 * <p>Settings are read once, at start; nothing of the folder need exist. Immutable and safe for any thread.
 */
public final class DataFolder {
  private static final String SETTINGS = "rcs.properties";

  private final Path path;
  private final Settings settings;

  private DataFolder(Path path, Settings settings) {
    this.path = path;
    this.settings = settings;
  }

  /**
   * Reads the settings of a folder: {@code rcs.properties} where it is there, and the environment over it.
   *
   * @param environment the variables {@code TAPESEAL_…} among others
   * @throws SettingsException where a setting does not fit
   * @throws IOException where the file cannot be read
   */
  public static DataFolder open(Path path, Map<String, String> environment) throws IOException {
    Path absolute = path.toAbsolutePath();
    Settings settings = Settings.builder()
        .environment(environment)
        .fileIfPresent(absolute.resolve(SETTINGS))
        .build();
    return new DataFolder(absolute, settings);
  }

  /**
   * A folder whose settings were read before, with flags of a command line among them, say.
   *
   * @param settings a relative path in them counted from where they were read
   */
  public static DataFolder of(Path path, Settings settings) {
    return new DataFolder(path.toAbsolutePath(), settings);
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** What {@code rcs.properties} and the environment say. */
  public Settings settings() {
    return settings;
  }

  /** Where the recordings are. */
  public Path recordings() {
    return named(SettingKeys.STORE_FOLDER, "recordings");
  }

  /** Where the private keys are. */
  public Path keyStore() {
    return named(SettingKeys.KEY_STORE_FILE, "keystore.p12");
  }

  /** Where the password of the key store is, unless whoever opens it has it from elsewhere. */
  public Path keyStorePassword() {
    return named(SettingKeys.KEY_STORE_PASSWORD_FILE, "keystore-password.txt");
  }

  /** Where it is noted who played what. */
  public Path auditLog() {
    return named(SettingKeys.AUDIT_FILE, "audit.log");
  }

  /** Where recordings wait for their delivery. */
  public Path undelivered() {
    return path.resolve("undelivered");
  }

  /** Where users, their hashed passwords and privileges are. */
  public Path users() {
    return named(SettingKeys.USERS_FILE, "users");
  }

  /**
   * MCP's options; none where there is no such file and no setting names one.
   *
   * @throws SettingsException with the line that is wrong
   * @throws NoSuchFileException where a setting names a file that is not there
   */
  public McpOptions mcpOptions() throws IOException {
    try {
      return McpOptions.read(named(SettingKeys.MCP_OPTIONS_FILE, "mcp.cfg"));
    } catch (NoSuchFileException absent) {
      if (settings.find(SettingKeys.MCP_OPTIONS_FILE).isPresent()) {
        throw absent; // without its CA file chains would silently go unchecked
      }
      return McpOptions.none();
    }
  }

  private Path named(SettingKey<Path> key, String otherwise) {
    return settings.find(key).orElse(path.resolve(otherwise));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
