package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConfigShowTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(
        folder.resolve("rcs.properties"),
        "cacertstorepath=ca_cert.pem\ncacertstorepassword=changeit\nhttp.port=8081\nnode.path=/US\n");
  }

  @Test
  void everyValue_isShownWithItsOrigin_andNoSecret() {
    Run run = Run.with(
        Map.of("TAPESEAL_HTTP_PORT", "9090"), new byte[0], "config", "show", "--config", file);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.text().lines().map(line -> line.replaceAll(" {2,}", "  ")))
        .contains(
            "http.port  9090  TAPESEAL_HTTP_PORT",
            "node.path  /US  " + file + ", line 4",
            "cacertstorepath  " + folder.resolve("ca_cert.pem") + "  " + file + ", line 1",
            "cacertstorepassword  (hidden)  " + file + ", line 2",
            "tenant.name  Environment  default",
            "store.folder  (not set)  default");
    assertThat(run.text() + run.messages()).doesNotContain("changeit");
  }

  @Test
  void json_tellsTheSame_andWhatASettingIsFor() {
    Run run = Run.of("config", "show", "--json", "--config", file);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    JsonNode password = setting(run, "cacertstorepassword");
    assertThat(password.path("value").asString()).isEqualTo("(hidden)");
    assertThat(password.path("secret").asBoolean()).isTrue();
    assertThat(password.path("layer").asString()).isEqualTo("file");
    JsonNode port = setting(run, "http.port");
    assertThat(port.path("value").asString()).isEqualTo("8081");
    assertThat(port.path("default").asString()).isEqualTo("8080");
    assertThat(port.path("environmentVariable").asString()).isEqualTo("TAPESEAL_HTTP_PORT");
    assertThat(setting(run, "store.folder").path("value").isNull()).isTrue();
    assertThat(run.text()).doesNotContain("changeit");
  }

  private static JsonNode setting(Run run, String name) {
    for (JsonNode setting : run.json().path("settings")) {
      if (setting.path("name").asString().equals(name)) {
        return setting;
      }
    }
    throw new AssertionError(name + " is not shown");
  }

  @Test
  void whatWasMeant_isSaid() throws IOException {
    Files.writeString(file, "cacertstorepth=ca_cert.pem\n");

    Run wrong = Run.of("config", "show", "--config", file);
    Run nearly = Run.with(Map.of("TAPESEAL_HTTP_PROT", "1"), new byte[0], "config", "show");

    assertThat(wrong.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(wrong.messages())
        .contains(file + ", line 1", "unknown setting 'cacertstorepth'")
        .contains("(did you mean 'cacertstorepath'?)");
    assertThat(wrong.output()).isEmpty();
    assertThat(nearly.exitCode()).isZero();
    assertThat(nearly.messages()).contains("did you mean 'TAPESEAL_HTTP_PORT'?");
  }

  @Test
  void theDataFoldersFile_isShown_unlessAnotherIsNamed() throws IOException {
    Path other = Files.writeString(folder.resolve("other.properties"), "http.port=1234\n");
    Map<String, String> environment = Map.of("TAPESEAL_DATA_FOLDER", folder.toString());

    for (Run run : List.of(
        Run.of("config", "show", "--json", "--data", folder),
        Run.with(environment, new byte[0], "config", "show", "--json"))) {
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(setting(run, "http.port").path("value").asString()).isEqualTo("8081");
      assertThat(setting(run, "http.port").path("origin").asString()).isEqualTo(file + ", line 3");
    }
    Run named = Run.with(environment, new byte[0], "config", "show", "--json", "--config", other);
    assertThat(setting(named, "http.port").path("value").asString()).isEqualTo("1234");
    assertThat(Run.of("config", "show", "--data", folder, "--config", other).exitCode())
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(Run.of("config", "show", "--data", folder.resolve("absent")).exitCode())
        .isEqualTo(ExitCode.NOT_FOUND.number());
  }

  @Test
  void aMissingFile_isNotFound() {
    Path missing = folder.resolve("missing.properties");

    Run run = Run.of("config", "show", "--config", missing);

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(run.messages()).contains(missing + ": does not exist");
  }
}
