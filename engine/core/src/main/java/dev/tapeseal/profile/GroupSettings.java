package dev.tapeseal.profile;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a group, such as {@code screen-recording}, at one moment. Immutable and safe for
 * any thread.
 *
 * <p>A node uses the setting of the location above it, as documented; of several the longest, with
 * {@code /} as the last resort, is ours.
 */
public final class GroupSettings {
  private static final Comparator<GroupSetting> BY_LOCATION_LENGTH =
      Comparator.comparingInt(setting -> setting.location().path().length());

  private final List<GroupSetting> settings;

  GroupSettings(List<GroupSetting> settings) {
    this.settings = List.copyOf(settings);
  }

  /** All of them, in the order in which they were first put. */
  public List<GroupSetting> all() {
    return settings;
  }

  /** Those of exactly one location. */
  public List<GroupSetting> at(Location location) {
    return settings.stream()
        .filter(setting -> setting.location().equals(location))
        .toList();
  }

  /** The setting that serves a node: of those at the node's location or above it, the nearest. */
  public Optional<GroupSetting> resolve(String name, Location nodePath) {
    return settings.stream()
        .filter(setting -> setting.name().equals(name) && setting.location().serves(nodePath))
        .max(BY_LOCATION_LENGTH); // ancestors of one node: the longest path is the nearest
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
