package dev.tapeseal.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON for the services, without the library's types: records, maps, lists, texts, numbers, booleans and null. Any
 * thread.
 */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .build();

  private Json() {}

  /** One document in UTF-8, members in the order of the record or the map. */
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Reads one document; members that the type does not have are left out.
   *
   * @param type a record, or {@code Map}, {@code List} or {@code Object}
   * @throws HttpException 400 when the bytes are not one JSON document or not one of that type
   */
  public static <T> T read(byte[] document, Class<T> type) {
    T value;
    try {
      value = MAPPER.readValue(document, type);
    } catch (JacksonException e) {
      throw new HttpException(
          400,
          "not-json",
          "The body is not the JSON that this path takes: " + position(e) + ".",
          "Correct the document and send it again.");
    }
    if (value == null) {
      throw new HttpException(400, "not-json", "The body is the JSON null.", "Send an object.");
    }
    return value;
  }

  /** The line and column alone: the parser's own message quotes the document, which may hold a password. */
  private static String position(JacksonException e) {
    var location = e.getLocation();
    return location == null || location.getLineNr() < 1
        ? "a member is of the wrong type"
        : "see line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
