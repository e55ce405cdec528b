package dev.tapeseal.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of the command in this process: what it answered, and what it said. */
final class Run {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final int exitCode;
  private final byte[] output;
  private final String messages;

  private Run(int exitCode, byte[] output, String messages) {
    this.exitCode = exitCode;
    this.output = output;
    this.messages = messages;
  }

  /** Runs it with nothing on standard input. */
  static Run of(Object... arguments) {
    return fed(new byte[0], arguments);
  }

  /** Runs it with these bytes on standard input. */
  static Run fed(byte[] input, Object... arguments) {
    return with(Map.of(), input, arguments);
  }

  /** Runs it with these variables in the environment. */
  static Run with(Map<String, String> environment, byte[] input, Object... arguments) {
    var output = new ByteArrayOutputStream();
    var messages = new ByteArrayOutputStream();
    int exitCode = Tapeseal.run(
        new Terminal(new ByteArrayInputStream(input), output, messages, environment, false),
        Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(exitCode, output.toByteArray(), messages.toString(StandardCharsets.UTF_8));
  }

  int exitCode() {
    return exitCode;
  }

  /** Standard output as bytes. */
  byte[] output() {
    return output.clone();
  }

  /** Standard output as text. */
  String text() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /** Standard output as the one JSON document that it is. */
  JsonNode json() {
    return MAPPER.readTree(output);
  }

  /** Standard error. */
  String messages() {
    return messages;
  }

  @Override
  public String toString() {
    return "exit code " + exitCode + ", " + output.length + " bytes of output, said: " + messages;
  }
}
