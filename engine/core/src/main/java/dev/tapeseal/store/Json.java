package dev.tapeseal.store;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as the documented resources use it: numbers as strings, times as {@code 2015-09-10T16:58:22.000+0000}.
 *
 * <p>Reading is liberal (numbers may be numbers, times any ISO 8601 form) within bounds: 4 MiB, 64 levels.
 * Numbers that we do not know keep every digit.
 */
final class Json {
  static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build())
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .enable(SerializationFeature.INDENT_OUTPUT)
      .build();

  private static final DateTimeFormatter WRITTEN_TIME = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT)
      .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter READ_TIME = new DateTimeFormatterBuilder()
      .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
      .appendPattern("[XXX][XX][X]")
      .toFormatter(Locale.ROOT);

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ObjectNode parse(byte[] utf8) throws InvalidMetadataException {
    if (utf8.length > MAX_BYTES) {
      throw new InvalidMetadataException(
          "metadata: " + utf8.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    return parseUnbounded(utf8);
  }

  /** The same for text of ours, which can be a little longer than what it was made from. */
  static ObjectNode parseUnbounded(byte[] utf8) throws InvalidMetadataException {
    try {
      JsonNode node = MAPPER.readTree(utf8);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new InvalidMetadataException("metadata: not a JSON object");
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation(); // the message might quote what stands there
      throw new InvalidMetadataException(
          location == null
              ? "metadata: not JSON of at most " + MAX_DEPTH + " levels"
              : "metadata: not JSON, line " + location.getLineNr() + ", column "
                  + location.getColumnNr());
    }
  }

  /** Indented, with a line break at the end. */
  static byte[] bytes(JsonNode node) {
    return (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** On one line, without blanks. */
  static String compact(JsonNode node) {
    return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(node);
  }

  /** A member's text; null where it is absent or null; a number or a boolean counts as its text. */
  static @Nullable String text(ObjectNode object, String member) throws InvalidMetadataException {
    JsonNode node = object.get(member);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isValueNode()) {
      throw new InvalidMetadataException(member + ": not a text (expected: a JSON string)");
    }
    return node.asString();
  }

  /** A member's text where it was checked before that it is one; empty where it is absent or null. */
  static String textOrEmpty(ObjectNode object, String member) {
    JsonNode node = object.get(member);
    return node == null || node.isNull() ? "" : node.asString();
  }

  static String requiredText(ObjectNode object, String member) throws InvalidMetadataException {
    String text = text(object, member);
    if (text == null) {
      throw new InvalidMetadataException(member + ": missing (expected: a JSON string)");
    }
    return text;
  }

  /** A count, written as a string or as a number; -1 where it is absent. */
  static long count(ObjectNode object, String member) throws InvalidMetadataException {
    String text = text(object, member);
    if (text == null) {
      return -1;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new InvalidMetadataException(
          member + ": " + Printable.of(text) + " (expected: a whole number, not negative)");
    }
    return Long.parseLong(text);
  }

  static @Nullable Instant time(ObjectNode object, String member) throws InvalidMetadataException {
    String text = text(object, member);
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time = READ_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
      Instant instant = time instanceof OffsetDateTime known
          ? known.toInstant()
          : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
      Math.multiplyExact(
          instant.getEpochSecond(), 1000L); // what a catalog's milliseconds cannot hold
      return instant;
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidMetadataException(member + ": " + Printable.of(text)
          + " (expected: a time such as 2015-09-10T16:58:22.000+0000)");
    }
  }

  static String time(Instant time) {
    return WRITTEN_TIME.format(time);
  }

  /** An object member; null where it is absent or null. */
  static @Nullable ObjectNode child(ObjectNode object, String member)
      throws InvalidMetadataException {
    JsonNode node = object.get(member);
    if (node == null || node.isNull()) {
      return null;
    }
    if (node instanceof ObjectNode child) {
      return child;
    }
    throw new InvalidMetadataException(member + ": not a JSON object");
  }

  /** An object member, made where it is absent. */
  static ObjectNode childToWrite(ObjectNode object, String member) {
    return object.get(member) instanceof ObjectNode child ? child : object.putObject(member);
  }
}
