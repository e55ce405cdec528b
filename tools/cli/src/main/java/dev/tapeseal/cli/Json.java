package dev.tapeseal.cli;

import dev.tapeseal.store.Recording;
import java.io.PrintStream;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What {@code --json} prints: one document, indented, members in the order that they were put. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(SerializationFeature.INDENT_OUTPUT)
      .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
      .build();

  private Json() {}

  /** A recording's metadata as they are stored. */
  static JsonNode tree(Recording recording) {
    return MAPPER.readTree(recording.toJson());
  }

  /** Prints a map, a list, a record or a JSON tree. */
  static void print(PrintStream out, Object value) {
    out.println(MAPPER.writeValueAsString(value));
    out.flush();
  }
}
