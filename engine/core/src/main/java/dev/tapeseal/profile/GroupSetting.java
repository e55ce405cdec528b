package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One setting of a group, as it is posted: {@code
 * {"name":"decrypt-uri-prefix","location":"/US","value":"…"}}. The value may be any JSON, since
 * that of {@code storage} is a list with credentials in it; other members are kept.
 *
 * <p>Immutable and safe for any thread. Its text form leaves the value out, which may hold
 * passwords.
 */
public final class GroupSetting {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String SOURCE = "setting";

  private final ObjectNode tree;
  private final String name;
  private final Location location;
  private final JsonNode value;

  private GroupSetting(ObjectNode tree, String source) throws ProfileException {
    this.tree = tree;
    this.name = nameOf(tree, source);
    this.location = locationOf(tree, source);
    JsonNode present = tree.get("value");
    if (present == null || present.isNull()) {
      throw new ProfileException.Invalid(source + ": no value (expected: a member \"value\")");
    }
    this.value = present;
  }

  static GroupSetting of(ObjectNode tree, String source) throws ProfileException {
    return new GroupSetting(tree, source);
  }

  /**
   * Reads the body of a request.
   *
   * @throws ProfileException.Invalid where it is no JSON object of at most 1 MiB, or a member is
   *     missing or does not fit; a location that is left out is {@code /}
   */
  public static GroupSetting parse(byte[] json) throws ProfileException {
    return new GroupSetting(Json.parse(json, SOURCE), SOURCE);
  }

  /**
   * Reads the name of a setting out of the body of a request to delete it.
   *
   * @throws ProfileException.Invalid as {@link #parse} does
   */
  public static String parseName(byte[] json) throws ProfileException {
    return nameOf(Json.parse(json, SOURCE), SOURCE);
  }

  /** A setting whose value is a text. */
  public static GroupSetting ofText(String name, Location location, String value)
      throws ProfileException {
    ObjectNode tree = Json.object();
    tree.put("name", name);
    tree.put("location", location.path());
    tree.put("value", value);
    return new GroupSetting(tree, SOURCE);
  }

  private static String nameOf(ObjectNode tree, String source) throws ProfileException {
    String name = Json.text(tree, "name", source).orElse("");
    if (!NAME.matcher(name).matches()) {
      throw new ProfileException.Invalid(source + ": name " + Shown.of(name)
          + " (expected: 1 to 64 letters, digits, '.', '_' or '-', such as decrypt-uri-prefix)");
    }
    return name;
  }

  private static Location locationOf(ObjectNode tree, String source) throws ProfileException {
    String path = Json.text(tree, "location", source).orElse("/");
    try {
      return new Location(path);
    } catch (IllegalArgumentException e) {
      throw new ProfileException.Invalid(source + ": " + e.getMessage());
    }
  }

  /** For example {@code decrypt-uri-prefix}. */
  public String name() {
    return name;
  }

  /** Whom it serves: the nodes at and below it. */
  public Location location() {
    return location;
  }

  /** The value where it is a text. */
  public Optional<String> text() {
    return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  /**
   * The value where it is a text, or a list of texts, in order: several addresses, say; empty where
   * it is neither.
   */
  public List<String> texts() {
    if (!(value instanceof ArrayNode array)) {
      return text().map(List::of).orElse(List.of());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isString()) {
        return List.of();
      }
      texts.add(element.stringValue());
    }
    return texts;
  }

  /** The value as JSON. It may hold passwords. */
  public String valueJson() {
    return Json.compact(value);
  }

  /** The whole setting as JSON, in UTF-8. It may hold passwords. */
  public byte[] toJson() {
    return Json.compact(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** The whole setting as JSON, in UTF-8, with {@code ***} for each password in it. */
  public byte[] toShownJson() {
    ObjectNode shown = tree.deepCopy();
    redact(shown);
    return Json.compact(shown).getBytes(StandardCharsets.UTF_8);
  }

  private static void redact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        if (name.toLowerCase(Locale.ROOT).contains("password")) {
          object.put(name, "***");
        }
      }
    }
    node.values().forEach(GroupSetting::redact);
  }

  ObjectNode tree() {
    return tree;
  }

  boolean isFor(String otherName, Location otherLocation) {
    return name.equals(otherName) && location.equals(otherLocation);
  }

  @Override
  public String toString() {
    return name + " at " + location;
  }
}
