package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON trees, so that members we do not know survive; numbers keep every digit. Bounded: 1 MiB, 64
 * levels. A member that stands twice is refused: it is not clear which one its author relies on.
 */
final class Json {
  static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Reads an object.
   *
   * @param source what messages call it
   */
  static ObjectNode parse(byte[] utf8, String source) throws ProfileException {
    if (utf8.length > MAX_BYTES) {
      throw new ProfileException.Invalid(
          source + ": more than " + MAX_BYTES + " bytes (expected: a JSON object of at most that)");
    }
    try {
      if (MAPPER.readTree(utf8) instanceof ObjectNode object) {
        return object;
      }
      throw new ProfileException.Invalid(source + ": not a JSON object");
    } catch (JacksonException e) { // its message is not used: it quotes what may be a password
      throw new ProfileException.Invalid(
          source + ": not JSON, nested too deep, or a member for the second time"
              + place(e.getLocation()));
    }
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null
        ? ""
        : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** For people: indented, with a line break at the end. */
  static byte[] indented(JsonNode node) {
    String text = MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(node);
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static String compact(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** An object member; empty where it is absent or null. */
  static Optional<ObjectNode> child(ObjectNode object, String member, String source)
      throws ProfileException {
    JsonNode node = object.get(member);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (node instanceof ObjectNode child) {
      return Optional.of(child);
    }
    throw new ProfileException.Invalid(
        source + ": " + Shown.of(member) + " (expected: a JSON object)");
  }

  /** A text member; empty where it is absent or null. */
  static Optional<String> text(ObjectNode object, String member, String source)
      throws ProfileException {
    JsonNode node = object.get(member);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (node.isString()) {
      return Optional.of(node.stringValue());
    }
    throw new ProfileException.Invalid(
        source + ": " + Shown.of(member) + " (expected: a JSON string)");
  }
}
