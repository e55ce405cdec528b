package dev.tapeseal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The document of the formats, and the blocks in it. */
record FormatsDocument(String text) {
  private static final Pattern ROW =
      Pattern.compile("^([0-9a-f]{4})  ((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: .*)?$");

  static FormatsDocument read() throws IOException {
    return new FormatsDocument(Files.readString(
        Path.of(System.getProperty("tapeseal.root")).resolve("engine/FORMATS.md")));
  }

  /** The bytes of the dump whose first row begins with these; its offsets must be right. */
  byte[] dumpThatBegins(String first) {
    String dump = blockThatBegins("0000  " + first);
    var bytes = new ByteArrayOutputStream();
    for (String row : dump.lines().toList()) {
      Matcher matcher = ROW.matcher(row);
      assertThat(matcher.matches()).as("a row of a dump: " + row).isTrue();
      assertThat(Integer.parseInt(matcher.group(1), 16)).as(row).isEqualTo(bytes.size());
      bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(matcher.group(2)));
    }
    return bytes.toByteArray();
  }

  /** A block, without its fences. */
  String blockThatBegins(String first) {
    int begin = text.indexOf("\n" + first);
    assertThat(begin).as("a block that begins with " + first).isNotNegative();
    return text.substring(begin + 1, text.indexOf("```", begin));
  }
}
