package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that holds a group of settings by location: {@code
 * {"settings":[{"name":…,"location":…,"value":…}]}}. The file is ours. Members that we do not know
 * are kept.
 *
 * <p>Replaced atomically; changes exclude each other, between processes too; readers never wait and
 * see the present file. Safe for any thread. It may hold passwords of storages, so a new one is for
 * its owner alone.
 */
public final class GroupSettingsFile {
  /** The most settings that a group has. */
  public static final int MAX_SETTINGS = 1000;

  private static final String SETTINGS = "settings";

  private final JsonFile<GroupSettings> file;

  private GroupSettingsFile(Path file) {
    this.file = new JsonFile<>(file.toAbsolutePath(), GroupSettingsFile::settings);
  }

  /** A file that need not exist yet, and neither need its folder. */
  public static GroupSettingsFile open(Path file) {
    return new GroupSettingsFile(file);
  }

  /**
   * The present settings; none where there is no file. Costs one call to the file system where
   * nothing has changed.
   *
   * @throws ProfileException.Invalid where the file cannot be understood
   */
  public GroupSettings read() throws IOException {
    return file.read().orElse(new GroupSettings(List.of()));
  }

  /**
   * Adds a setting; one of the same name and location gives way to it.
   *
   * @throws ProfileException.Conflict where there are {@link #MAX_SETTINGS}
   */
  public GroupSettings put(GroupSetting setting) throws IOException {
    return file.change(tree -> {
      ArrayNode array = array(tree);
      int index = indexOf(array, setting.name(), setting.location());
      if (index >= 0) {
        array.set(index, setting.tree());
      } else if (array.size() == MAX_SETTINGS) {
        throw new ProfileException.Conflict(file.path() + ": has " + MAX_SETTINGS
            + " settings already (expected: at most that); remove one first");
      } else {
        array.add(setting.tree());
      }
    });
  }

  /**
   * Removes a setting.
   *
   * @throws ProfileException.NotFound where there is none of that name at exactly that location
   */
  public GroupSettings remove(String name, Location location) throws IOException {
    if (!Files.exists(file.path())) {
      throw notFound(name, location); // before the change makes a folder, and a lock in it
    }
    return file.change(tree -> {
      ArrayNode array = array(tree);
      int index = indexOf(array, name, location);
      if (index < 0) {
        throw notFound(name, location);
      }
      array.remove(index);
    });
  }

  private ProfileException notFound(String name, Location location) {
    return new ProfileException.NotFound(
        file.path() + ": no setting " + Shown.of(name) + " at location " + location);
  }

  private static GroupSettings settings(ObjectNode tree, String source) throws ProfileException {
    JsonNode present = tree.get(SETTINGS);
    List<GroupSetting> settings = new ArrayList<>();
    if (present != null && !(present instanceof ArrayNode)) {
      throw new ProfileException.Invalid(source + ": '" + SETTINGS + "' (expected: a JSON array)");
    }
    if (present instanceof ArrayNode array) {
      for (JsonNode element : array) {
        settings.add(setting(element, source + ": setting " + (settings.size() + 1)));
      }
    }
    for (GroupSetting setting : settings) {
      long same = settings.stream()
          .filter(other -> other.isFor(setting.name(), setting.location()))
          .count();
      if (same > 1) {
        throw new ProfileException.Invalid(
            source + ": " + setting + ", " + same + " times (expected: once)");
      }
    }
    return new GroupSettings(settings);
  }

  private static GroupSetting setting(JsonNode element, String source) throws ProfileException {
    if (element instanceof ObjectNode object) {
      return GroupSetting.of(object, source);
    }
    throw new ProfileException.Invalid(source + ": not a JSON object");
  }

  private ArrayNode array(ObjectNode tree) throws ProfileException {
    settings(tree, file.path().toString()); // what cannot be understood is not changed
    return tree.get(SETTINGS) instanceof ArrayNode array ? array : tree.putArray(SETTINGS);
  }

  private int indexOf(ArrayNode array, String name, Location location) throws ProfileException {
    for (int i = 0; i < array.size(); i++) {
      if (setting(array.get(i), file.path().toString()).isFor(name, location)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return file.path().toString();
  }
}
