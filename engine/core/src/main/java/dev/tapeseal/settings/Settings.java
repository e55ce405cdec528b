package dev.tapeseal.settings;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration, read once at start. A flag wins over the environment, the environment over the
 * file, the file over the default; each value keeps its {@link Origin}. A value in a layer that
 * loses is checked all the same.
 *
 * <p>Immutable and safe for any thread. Relative paths in a file count from the file's folder,
 * others from the working directory. Secrets are never shown, and never taken from a flag, since
 * every user of a machine sees the arguments of a process.
 *
 * <p>It is longer than most classes because its builder, which takes one layer with each method, is in it.
 */
public final class Settings {
  private final Map<SettingKey<?>, Value> values;
  private final List<String> warnings;

  private Settings(Map<SettingKey<?>, Value> values, List<String> warnings) {
    this.values = values;
    this.warnings = List.copyOf(warnings);
  }

  private record Value(Object value, Origin origin) {}

  /** Starts with nothing but the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A setting that is needed.
   *
   * @throws SettingsException where nobody set it and it has no default
   */
  public <T> T value(SettingKey<T> key) throws SettingsException {
    return find(key)
        .orElseThrow(
            () -> new SettingsException("setting " + key + ": not set (expected: " + key.expected()
                + ", in the file, or in the environment as " + key.environmentVariable() + ")"));
  }

  /** A setting that may be left out. */
  public <T> Optional<T> find(SettingKey<T> key) {
    return Optional.ofNullable(values.get(key)).map(value -> key.cast(value.value()));
  }

  /**
   * Where a setting's value came from; where nobody set it, that is the default, even if there is
   * none.
   */
  public Origin origin(SettingKey<?> key) {
    Value value = values.get(key);
    return value == null ? Origin.DEFAULT : value.origin();
  }

  /**
   * Every setting for people to read, in the order of {@link SettingKeys#all}; secrets are hidden.
   */
  public List<ShownSetting> shown() {
    List<ShownSetting> shown = new ArrayList<>();
    for (SettingKey<?> key : SettingKeys.all()) {
      Value value = values.get(key);
      String text = value == null ? ShownSetting.NOT_SET : key.shown(value.value());
      shown.add(new ShownSetting(key, text, origin(key)));
    }
    return shown;
  }

  /**
   * {@code user:password}, as HTTP Basic has it, of two settings; empty where the second names no file. The caller wipes
   * it.
   *
   * @param passwordFile whose first line is the password
   * @throws IOException where that cannot be read
   */
  public char[] account(SettingKey<String> user, SettingKey<Path> passwordFile) throws IOException {
    Optional<Path> file = find(passwordFile);
    if (file.isEmpty()) {
      return new char[0];
    }
    char[] name = (value(user) + ":").toCharArray();
    try (Secret password = Secret.firstLineOf(file.get())) {
      char[] characters = password.copyCharacters();
      char[] account = Arrays.copyOf(name, name.length + characters.length);
      System.arraycopy(characters, 0, account, name.length, characters.length);
      Arrays.fill(characters, '\0');
      return account;
    }
  }

  /**
   * What looks like a mistake and is not certain to be one: variables that nearly have a setting's
   * name.
   */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public String toString() {
    return shown().toString();
  }

  /** Gathers the layers, in any order. Confined to one thread. */
  public static final class Builder {
    private final Map<Origin.Layer, Map<SettingKey<?>, Value>> layers =
        new EnumMap<>(Origin.Layer.class);
    private final Map<String, SettingKey<?>> byName = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private Builder() {
      SettingKeys.all().forEach(key -> byName.put(key.name(), key));
    }

    /**
     * Takes what the user gave on the command line.
     *
     * @param flag what the user wrote, for example {@code --port}
     * @throws SettingsException where the value does not fit, or the setting is a secret
     */
    public Builder flag(String flag, SettingKey<?> key, String text) throws SettingsException {
      String place = "flag " + flag;
      if (key.isSecret()) {
        throw new SettingsException(
            place + ": " + key + ": a secret on a command line is seen by every user of"
                + " the machine (expected: the file or " + key.environmentVariable() + ")");
      }
      put(new Origin(Origin.Layer.FLAG, place), key, text, workingDirectory());
      return this;
    }

    /**
     * Takes the variables {@code TAPESEAL_…} of an environment. An empty one counts as not set. One
     * that is no setting is passed over, since an environment is shared, but where it nearly has a
     * setting's name there is a warning.
     *
     * @throws SettingsException where a value does not fit
     */
    public Builder environment(Map<String, String> environment) throws SettingsException {
      Map<String, SettingKey<?>> byVariable = new LinkedHashMap<>();
      SettingKeys.all().forEach(key -> byVariable.put(key.environmentVariable(), key));
      for (Map.Entry<String, String> variable : environment.entrySet()) {
        SettingKey<?> key = byVariable.get(variable.getKey());
        if (key != null && !variable.getValue().isEmpty()) {
          Origin origin = new Origin(Origin.Layer.ENVIRONMENT, variable.getKey());
          put(origin, key, variable.getValue(), workingDirectory());
        } else if (key == null && variable.getKey().startsWith(SettingKey.ENVIRONMENT_PREFIX)) {
          String name = variable.getKey().substring(SettingKey.ENVIRONMENT_PREFIX.length());
          Spelling.nearest(name, byName.keySet())
              .ifPresent(meant -> warnings.add("environment: " + Shown.of(variable.getKey())
                  + " is no setting (did you mean '"
                  + SettingKey.environmentVariable(meant) + "'?)"));
        }
      }
      return this;
    }

    /**
     * Takes a file such as {@code rcs.properties}: UTF-8, at most 1 MiB, {@code name=value} lines.
     * Unlike in {@link java.util.Properties} a backslash is a backslash, so that {@code
     * c:\keystore\ca_cert.pem} can be pasted.
     *
     * @throws NoSuchFileException where there is no such file
     * @throws IOException where it cannot be read
     * @throws SettingsException with the line that is wrong: a value that does not fit, or an
     *     unknown name, with the one that was probably meant
     */
    public Builder file(Path file) throws IOException {
      Path folder = file.toAbsolutePath().getParent();
      for (PropertiesFile.Entry entry : PropertiesFile.read(file)) {
        SettingKey<?> key = byName.get(entry.name());
        if (key == null) {
          throw new SettingsException(TextFile.at(file, entry.line()) + "unknown setting "
              + Shown.of(entry.name()) + Spelling.suggestion(entry.name(), byName.keySet()));
        }
        Origin origin = new Origin(Origin.Layer.FILE, file + ", line " + entry.line());
        put(origin, key, entry.value(), folder == null ? workingDirectory() : folder);
      }
      return this;
    }

    /** Takes a file as {@link #file} does where it exists, and nothing where it does not. */
    public Builder fileIfPresent(Path file) throws IOException {
      try {
        return file(file);
      } catch (NoSuchFileException absent) {
        return this;
      }
    }

    /** The configuration that the layers make. */
    public Settings build() throws SettingsException {
      Map<SettingKey<?>, Value> values = new HashMap<>();
      for (SettingKey<?> key : SettingKeys.all()) {
        Value value = strongest(key);
        if (value != null) {
          values.put(key, value);
        }
      }
      return new Settings(values, warnings);
    }

    private @Nullable Value strongest(SettingKey<?> key) throws SettingsException {
      for (Map<SettingKey<?>, Value> layer :
          layers.values()) { // an EnumMap's order: the strongest first
        Value value = layer.get(key);
        if (value != null) {
          return value;
        }
      }
      Optional<String> text = key.defaultText();
      return text.isEmpty() ? null : parsed(Origin.DEFAULT, key, text.get(), workingDirectory());
    }

    private void put(Origin origin, SettingKey<?> key, String text, Path folder)
        throws SettingsException {
      layers
          .computeIfAbsent(origin.layer(), layer -> new HashMap<>())
          .put(key, parsed(origin, key, text, folder));
    }

    private static Value parsed(Origin origin, SettingKey<?> key, String text, Path folder)
        throws SettingsException {
      return new Value(key.parse(text, folder, origin.place()), origin);
    }

    private static Path workingDirectory() {
      return Path.of("").toAbsolutePath();
    }
  }
}
