package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupSettingsFileTest {
  private static final String PREFIX = "decrypt-uri-prefix";

  /** The documented body of a storage setting. */
  private static final String STORAGE = """
      {"name":"storage","location":"/US/CA","value":[{"storageType":"webDAV","active":true,
       "credential":{"userName":"dav","password":"horse","storagePath":"http://storage/recordings"}}],"note":1.50}""";

  @TempDir
  private Path folder;

  private GroupSettingsFile file;

  @BeforeEach
  void open() {
    file = GroupSettingsFile.open(folder.resolve("settings/screen-recording.json"));
  }

  @ParameterizedTest(name = "settings at {0}, node at {1}: {2}")
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
          /              | /US/AK  | /
          /US            | /US/AK  | /US
          /US            | /US/HI  | /US
          /US            | /USA    | -
          / /US          | /USA    | /
          / /US /US/AK   | /US/AK  | /US/AK
          /US/AK / /US   | /US/AK/1 | /US/AK
          /US/AK /US /   | /US/HI  | /US
          /US/AK         | /US     | -
          /EU            | /US     | -
          """)
  void resolve_takesTheNearestLocation(String locations, String node, @Nullable String nearest)
      throws IOException {
    for (String location : locations.split(" ", -1)) {
      file.put(GroupSetting.ofText(PREFIX, new Location(location), "http://rcs" + location));
      file.put(GroupSetting.ofText("other", Location.ROOT, "x"));
    }

    assertThat(file.read()
            .resolve(PREFIX, new Location(node))
            .flatMap(GroupSetting::text)
            .orElse(null))
        .isEqualTo(nearest == null ? null : "http://rcs" + nearest);
  }

  @Test
  void removingFromAnAbsentFile_leavesNoTrace() {
    assertThatThrownBy(() -> file.remove(PREFIX, Location.ROOT))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageContaining("no setting 'decrypt-uri-prefix' at location /");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void documentedBodies_areTaken_andComeBackWhole() throws IOException {
    byte[] prefix =
        "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":\"http://rcs:8080/rcs\"}"
            .getBytes(StandardCharsets.UTF_8);
    file.put(GroupSetting.parse(prefix));
    file.put(GroupSetting.parse(STORAGE.getBytes(StandardCharsets.UTF_8)));

    GroupSettings read = file.read();
    List<GroupSetting> settings = read.all();

    assertThat(settings).extracting(GroupSetting::name).containsExactly(PREFIX, "storage");
    assertThat(settings.get(0).text()).contains("http://rcs:8080/rcs");
    assertThat(settings.get(0).toJson()).isEqualTo(prefix);
    assertThat(settings.get(1).text()).isEmpty();
    assertThat(settings.get(1).texts()).isEmpty();
    assertThat(settings.get(1).toJson())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(STORAGE.replaceAll("\n ", ""));
    assertThat(settings.get(1).valueJson()).contains("\"password\":\"horse\"");
    assertThat(settings + read.toString()).doesNotContain("horse");
    assertThat(read.at(new Location("/US/CA/"))).containsExactly(settings.get(1));
    assertThat(read.at(new Location("/US"))).isEmpty();
  }

  @Test
  void texts_areOneOrSeveralInOrder() throws IOException {
    byte[] several = "{\"name\":\"decrypt-uri-prefix\",\"value\":[\"http://b\",\"http://a\"]}"
        .getBytes(StandardCharsets.UTF_8);

    assertThat(GroupSetting.parse(several).texts()).containsExactly("http://b", "http://a");
    assertThat(GroupSetting.parse(several).location()).isEqualTo(Location.ROOT);
    assertThat(GroupSetting.ofText("x", Location.ROOT, "http://c").texts())
        .containsExactly("http://c");
  }

  @Test
  void put_replacesTheSettingOfTheSameNameAndLocation() throws IOException {
    file.put(GroupSetting.ofText(PREFIX, new Location("/US"), "http://one"));
    file.put(GroupSetting.ofText(PREFIX, new Location("/EU"), "http://two"));
    file.put(GroupSetting.ofText(PREFIX, new Location("/US/"), "http://three"));

    assertThat(file.read().all())
        .extracting(setting -> setting.location() + " " + setting.text().orElseThrow())
        .containsExactly("/US http://three", "/EU http://two");
  }

  @Test
  void remove_takesExactlyOne() throws IOException {
    file.put(GroupSetting.ofText(PREFIX, new Location("/US"), "a"));
    file.put(GroupSetting.ofText(PREFIX, Location.ROOT, "b"));

    file.remove(
        GroupSetting.parseName(
            "{\"name\":\"decrypt-uri-prefix\"}".getBytes(StandardCharsets.UTF_8)),
        new Location("/US"));

    assertThat(file.read().all()).extracting(GroupSetting::location).containsExactly(Location.ROOT);
    assertThatThrownBy(() -> file.remove(PREFIX, new Location("/US")))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageEndingWith("no setting 'decrypt-uri-prefix' at location /US");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          {"location":"/","value":"x"}                   | name '' (expected: 1 to 64 letters
          {"name":"a b","value":"x"}                     | name 'a b' (expected: 1 to 64 letters
          {"name":1,"value":"x"}                         | 'name' (expected: a JSON string)
          {"name":"x","location":"US","value":"x"}       | location: 'US'
          {"name":"x","location":"/../x","value":"x"}    | location: '/../x'
          {"name":"x"}                                   | no value
          {"name":"x","value":null}                      | no value
          []                                             | not a JSON object
          {"name":"x","value":"horse                     | not JSON
          """)
  void bodyThatDoesNotFit_isRefused(String body, String message) {
    assertThatThrownBy(() -> GroupSetting.parse(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageStartingWith("setting: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("horse");
  }

  @Test
  void membersOfTheFile_thatItDoesNotKnow_areKept() throws IOException {
    Path path =
        Files.createDirectories(folder.resolve("settings")).resolve("screen-recording.json");
    Files.writeString(
        path,
        "{\"version\":3,\"settings\":[{\"name\":\"a\",\"location\":\"/US/\",\"value\":1,\"by\":\"me\"}]}");

    file.put(GroupSetting.ofText("b", Location.ROOT, "x"));

    assertThat(Files.readString(path).replaceAll("\\s", ""))
        .isEqualTo(
            "{\"version\":3,\"settings\":[{\"name\":\"a\",\"location\":\"/US/\",\"value\":1,\"by\":\"me\"},"
                + "{\"name\":\"b\",\"location\":\"/\",\"value\":\"x\"}]}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          {"settings":{}}                                                     | 'settings' (expected: a JSON array)
          {"settings":[1]}                                                    | setting 1: not a JSON object
          {"settings":[{"name":"a","value":1},{"name":"a","location":"/","value":2}]} | a at /, 2 times (expected: once)
          """)
  void fileOfAnotherShape_isRefused_andNotChanged(String json, String message) throws IOException {
    Path path =
        Files.createDirectories(folder.resolve("settings")).resolve("screen-recording.json");
    Files.writeString(path, json);

    assertThatThrownBy(file::read)
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> file.put(GroupSetting.ofText("b", Location.ROOT, "x")))
        .isInstanceOf(ProfileException.Invalid.class);
    assertThat(path).hasContent(json);
  }
}
