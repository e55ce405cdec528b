package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTemplateTest {
  private static final String ALL =
      "{id}_{sip-server-application-name}_{ani}_{dnis}_{date-time}_{call-uuid}_{connection-id}_{agent-id}_{mcp-date-time}";
  private static final Instant CALL = Instant.parse("2015-09-10T16:58:22.900Z");
  private static final Instant RECORDING = Instant.parse("2015-09-10T16:58:23Z");

  @Test
  void name_isBuiltOfTheNineParts() {
    assertThat(FileNameTemplate.parse(ALL).name(facts("0001", "8522001", "011AP643")))
        .isEqualTo(
            "0001_SIP-Server_8522001_+14160000001_2015-09-10_16-58-22_011AP643_006B015F_agent-7_"
                + "2015-09-10_16-58-23");
  }

  @ParameterizedTest
  @CsvSource({
    "{id}, 0-1",
    "call-{id}-x, call-0-1-x",
    "{call-uuid}_{id}, uuid_0-1",
    "{ani}__x_{id}_, 12__x_0-1_",
    "_{id}, _0-1"
  })
  void textAroundTheParts_isKept(String template, String name) {
    assertThat(FileNameTemplate.parse(template).name(facts("0-1", "12", "uuid")))
        .isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "call",
        "{call-uuid}",
        "{call-uuid}_{mcp-date-time}",
        "{id}{ani}",
        "{id}-{ani}",
        "{id}_{id}",
        "{ID}",
        "{id}_{caller}",
        "{id}_{",
        "{id}/{ani}",
        "../{id}",
        "{id}.mp3",
        "-{id}",
        "{id} ",
        "{id}_{ani}\0",
        "{{id}}",
        "xxxxxxxxxxxxxxxxxxxxxxxxx{id}"
      })
  void template_whoseNamesWouldNotBeUniqueOrSafe_isRefused(String template) {
    assertThatThrownBy(() -> FileNameTemplate.parse(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("file name template '")
        .hasMessageContaining("(expected: ");
  }

  static List<String> templates() {
    return List.of(
        "{id}",
        "{id}_{ani}",
        "{ani}_{id}",
        "{ani}_{id}_{call-uuid}",
        "{date-time}_{id}_{ani}",
        "{ani}-_{id}-_-{dnis}",
        "_{ani}_a_{id}",
        ALL);
  }

  /** Identifiers and values made to look like each other's neighbours. */
  @ParameterizedTest
  @MethodSource("templates")
  void names_differ_whereIdentifiersDo_whateverTheOtherValues(String template) {
    List<String> ids = List.of(
        "a",
        "A",
        "a_",
        "_a",
        "a_b",
        "a-b",
        "-a",
        "_-a",
        "--",
        "_",
        "__",
        "-",
        "a_b_c",
        "b",
        "c",
        "2015-09-10_16-58-22");
    List<String> values =
        List.of("", "a", "_", "a_", "_a", "a_b", "-", "+", "@", "b_c", "/", "a".repeat(300));
    FileNameTemplate parsed = FileNameTemplate.parse(template);
    Map<String, String> idOfName = new HashMap<>();
    for (String id : ids) {
      for (String ani : values) {
        for (String callUuid : values) {
          String name = parsed.name(facts(id, ani, callUuid));

          assertThat(idOfName.merge(name, id, (earlier, now) -> earlier))
              .as("the identifier of %s", name)
              .isEqualTo(id);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void names_arePlainFileNames_whateverCallersSend(String template) {
    List<String> hostile = List.of(
        "../../etc/passwd",
        "..",
        ".",
        "/",
        "\\",
        "a\0b",
        "\n",
        "-rf",
        "@x",
        "~",
        "C:",
        "con",
        "%2e%2e",
        "\u202Eabc",
        "ä\uD83D\uDE00",
        "$(reboot)",
        "`id`",
        "a b",
        "x".repeat(10_000),
        "");
    FileNameTemplate parsed = FileNameTemplate.parse(template);
    for (String value : hostile) {
      for (String id : List.of("x", "-", "_", "-rf", "9".repeat(128))) {
        FileNameFacts facts =
            new FileNameFacts(id, value, value, value, CALL, value, value, value, RECORDING);

        assertThat(parsed.name(facts)).matches("[A-Za-z0-9_+][A-Za-z0-9_+@-]{0,190}");
      }
    }
  }

  @Test
  void longValues_areCut_andTheIdentifierIsNot() {
    String id = "i".repeat(128);
    String name =
        FileNameTemplate.parse("{ani}_{id}_{mcp-date-time}").name(facts(id, "9".repeat(500), ""));

    assertThat(name)
        .hasSizeLessThanOrEqualTo(191)
        .contains("_" + id + "_2015-09-10_16-58-23")
        .startsWith("999");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a.b", "a+b", "a b", "ä", "a\0"})
  void identifier_thatCouldBeMistaken_isRefused(String id) {
    assertThatThrownBy(() -> facts(id, "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("media file id: '");
  }

  @Test
  void parts_haveTheirDocumentedNames() {
    assertThat(FileNamePart.values())
        .extracting(FileNamePart::label)
        .containsExactly(
            "ID",
            "SIP Server Application Name",
            "ANI",
            "DNIS",
            "Date Time",
            "Call UUID",
            "Connection ID",
            "Agent ID",
            "MCP Date Time");
  }

  private static FileNameFacts facts(String id, String ani, String callUuid) {
    return new FileNameFacts(
        id, "SIP_Server", ani, "+14160000001", CALL, callUuid, "006B015F", "agent.7", RECORDING);
  }
}
