package dev.tapeseal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.settings.Origin.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String PASSWORD = "correct horse \\battery\\ staple";

  @TempDir
  private Path folder;

  /**
   * Every combination of the layers that set a port: 1 in the flag, 2 in the environment, 3 in the
   * file.
   */
  @ParameterizedTest(name = "flag {0}, environment {1}, file {2}: {3}")
  @CsvSource({
    "true , true , true , 1, FLAG",
    "true , true , false, 1, FLAG",
    "true , false, true , 1, FLAG",
    "true , false, false, 1, FLAG",
    "false, true , true , 2, ENVIRONMENT",
    "false, true , false, 2, ENVIRONMENT",
    "false, false, true , 3, FILE",
    "false, false, false, 8080, DEFAULT"
  })
  void strongestLayer_wins_andIsNamed(
      boolean flag, boolean environment, boolean file, int port, Layer layer) throws IOException {
    Settings.Builder builder = Settings.builder();
    if (file) {
      builder.file(write("http.port=3"));
    }
    if (environment) {
      builder.environment(Map.of("TAPESEAL_HTTP_PORT", "2"));
    }
    if (flag) {
      builder.flag("--port", SettingKeys.HTTP_PORT, "1");
    }

    Settings settings = builder.build();

    assertThat(settings.value(SettingKeys.HTTP_PORT)).isEqualTo(port);
    assertThat(settings.origin(SettingKeys.HTTP_PORT).layer()).isEqualTo(layer);
  }

  @Test
  void origin_namesThePlace() throws IOException {
    Path file = write("# first\n\nnode.path=/US/AK\n");
    Settings settings = Settings.builder()
        .file(file)
        .environment(Map.of("TAPESEAL_HTTP_HOST", "0.0.0.0"))
        .flag("--port", SettingKeys.HTTP_PORT, "0")
        .build();

    assertThat(settings.origin(SettingKeys.NODE_PATH)).hasToString(file + ", line 3");
    assertThat(settings.origin(SettingKeys.HTTP_HOST)).hasToString("TAPESEAL_HTTP_HOST");
    assertThat(settings.origin(SettingKeys.HTTP_PORT)).hasToString("flag --port");
    assertThat(settings.origin(SettingKeys.LOG_FORMAT)).hasToString("default");
    assertThat(settings.origin(SettingKeys.AUDIT_FILE)).hasToString("default");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          cacertstorepath=c:\\keystore\\ca_cert.pem   | c:\\keystore\\ca_cert.pem
          cacertstorepath = c:\\new\\users\\ca.pem    | c:\\new\\users\\ca.pem
          cacertstorepath:c:\\keystore\\              | c:\\keystore\\
          cacertstorepath c:\\a=b.pem                 | c:\\a=b.pem
          cacertstorepath=ca cert.pem                 | ca cert.pem
          '  cacertstorepath\t=\tca.pem  '            | ca.pem
          cacertstorepath=sub/ca#1!.pem               | sub/ca#1!.pem
          """)
  void caCertificateStorePath_isTakenAsItStands_andCountsFromTheFile(String line, String path)
      throws IOException {
    Settings settings = Settings.builder().file(write(line)).build();

    assertThat(settings.value(SettingKeys.CA_CERTIFICATE_STORE_PATH))
        .isEqualTo(folder.resolve(path));
  }

  @Test
  void absolutePath_staysAsItIs() throws IOException {
    Settings settings =
        Settings.builder().file(write("cacertstorepath=/etc/ca.pem")).build();

    assertThat(settings.value(SettingKeys.CA_CERTIFICATE_STORE_PATH))
        .isEqualTo(Path.of("/etc/ca.pem"));
  }

  @Test
  void relativePath_ofFlagAndEnvironment_countsFromTheWorkingDirectory() throws IOException {
    Settings settings = Settings.builder()
        .flag("--data", SettingKeys.DATA_FOLDER, "data")
        .environment(Map.of("TAPESEAL_AUDIT_FILE", "audit"))
        .build();

    assertThat(settings.value(SettingKeys.DATA_FOLDER))
        .isEqualTo(Path.of("data").toAbsolutePath());
    assertThat(settings.value(SettingKeys.AUDIT_FILE))
        .isEqualTo(Path.of("audit").toAbsolutePath());
  }

  @ParameterizedTest
  @CsvSource({
    "cacertstorpath    , cacertstorepath",
    "caCertStorePath   , cacertstorepath",
    "cacertstorepasswrod, cacertstorepassword",
    "ca.cert.store.path, cacertstorepath",
    "http.prot         , http.port",
    "http_port         , http.port",
    "nodepath          , node.path",
    "key-store.file    , keystore.file"
  })
  void misspelledName_isAnsweredWithTheNearest(String written, String meant) throws IOException {
    Path file = write("# our node\n" + written + "=" + PASSWORD);

    assertThatThrownBy(() -> Settings.builder().file(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            file + ", line 2: unknown setting '" + written + "' (did you mean '" + meant + "'?)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"colour", "x", "port", "a.very.different.name"})
  void nameThatIsNearNone_isRefused_withoutASuggestion(String written) throws IOException {
    Path file = write(written + "=1");

    assertThatThrownBy(() -> Settings.builder().file(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ", line 1: unknown setting '" + written + "'");
  }

  @Test
  void variableThatNearlyNamesASetting_isAWarning_andOthersAreNot() throws IOException {
    Settings settings = Settings.builder()
        .environment(Map.of(
            "TAPESEAL_HTP_PORT",
            "1",
            "TAPESEAL_JAVA_OPTS",
            "-Xmx1g",
            "TAPESEAL_PORT",
            "tcp://10.0.0.1:80",
            "PATH",
            "/"))
        .build();

    assertThat(settings.warnings())
        .containsExactly(
            "environment: 'TAPESEAL_HTP_PORT' is no setting (did you mean 'TAPESEAL_HTTP_PORT'?)");
    assertThat(settings.value(SettingKeys.HTTP_PORT)).isEqualTo(8080);
  }

  @Test
  void emptyVariable_countsAsNotSet() throws IOException {
    Settings settings =
        Settings.builder().environment(Map.of("TAPESEAL_HTTP_PORT", "")).build();

    assertThat(settings.origin(SettingKeys.HTTP_PORT).layer()).isEqualTo(Layer.DEFAULT);
  }

  @Test
  void secret_keepsEveryCharacter_andIsShownNowhere() throws IOException {
    Settings settings =
        Settings.builder().file(write("cacertstorepassword=" + PASSWORD + " ")).build();
    Secret secret = settings.value(SettingKeys.CA_CERTIFICATE_STORE_PASSWORD);

    assertThat(new String(secret.copyCharacters())).isEqualTo(PASSWORD + " ");
    assertThat(secret).hasToString("(hidden)");
    assertThat(settings.toString())
        .contains("cacertstorepassword = (hidden)")
        .doesNotContain("horse");
    assertThat(settings.shown().toString()).doesNotContain("horse");
  }

  @Test
  void closedSecret_isWiped() {
    Secret secret = Secret.copyOf(PASSWORD.toCharArray());

    secret.close();

    assertThat(secret.copyCharacters()).containsOnly('\0');
  }

  @Test
  void secret_isNotTakenFromAFlag() {
    assertThatThrownBy(() -> Settings.builder()
            .flag("--ca-password", SettingKeys.CA_CERTIFICATE_STORE_PASSWORD, PASSWORD))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(
            "flag --ca-password: cacertstorepassword: a secret on a command line")
        .hasMessageContaining("TAPESEAL_CACERTSTOREPASSWORD")
        .hasMessageNotContaining("horse");
  }

  @SuppressWarnings("StringConcatToTextBlock") // line by line, as the file has it
  @Test
  void lineThatIsNoSetting_isNamedByItsNumber_andNotShown() throws IOException {
    Path file = write("http.port=1\n" + "hunter2\n");

    assertThatThrownBy(() -> Settings.builder().file(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ", line 2: not a setting (expected: name=value, or # before a comment)")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void nameThatStandsTwice_isRefused_withBothLines() throws IOException {
    Path file = write("http.port=1\r\n! comment\r\nhttp.port=1\r\n");

    assertThatThrownBy(() -> Settings.builder().file(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            file + ", line 3: 'http.port' for the second time (expected: once; line 1 has it too)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          http.port=65536              | http.port: '65536' (expected: 0 to 65535)
          http.port=-1                 | http.port: '-1' (expected: 0 to 65535)
          http.port=                   | http.port: '' (expected: 0 to 65535)
          http.port=99999999999999999999 | http.port: '99999999999999999999' (expected: 0 to 65535)
          log.format=xml               | log.format: 'xml' (expected: text or json)
          node.path=US                 | node.path: 'US' (expected: a path such as /US/AK)
          catalog.url=jdbc:postgresql://me:horse@db/t | expected: a JDBC URL without user and password
          http.public-uri=http://me:horse@host | expected: an http or https address without user and password
          http.public-uri=ftp://host   | expected: an http or https address without user and password
          contact-center.id=XYZ        | expected: 32 lower-case hexadecimal digits
          """)
  void valueThatDoesNotFit_isRefused_withWhatIsExpected(String line, String message)
      throws IOException {
    Path file = write(line);

    assertThatThrownBy(() -> Settings.builder().file(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(file + ", line 1: ")
        .hasMessageContaining(message);
  }

  @Test
  void valueOfALosingLayer_isCheckedToo() throws IOException {
    Path file = write("http.port=none");

    assertThatThrownBy(() -> Settings.builder()
            .flag("--port", SettingKeys.HTTP_PORT, "1")
            .file(file)
            .build())
        .isInstanceOf(SettingsException.class);
  }

  @Test
  void neededSetting_thatNobodySet_saysHowToSetIt() throws IOException {
    Settings settings = Settings.builder().build();

    assertThat(settings.find(SettingKeys.DATA_FOLDER)).isEmpty();
    assertThatThrownBy(() -> settings.value(SettingKeys.DATA_FOLDER))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "setting data.folder: not set (expected: a path, in the file, or in the environment as"
                + " TAPESEAL_DATA_FOLDER)");
  }

  @Test
  void absentFile_isAnError_unlessItMayBeAbsent() throws IOException {
    Path absent = folder.resolve("absent.properties");

    assertThatThrownBy(() -> Settings.builder().file(absent))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(Settings.builder().fileIfPresent(absent).build().value(SettingKeys.HEADER_TIMEOUT))
        .isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest(name = "{0} bytes")
  @CsvSource({"1048576, true", "1048577, false"})
  void file_isReadUpToOneMebibyte(int length, boolean isRead) throws IOException {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) '\n');
    Path file = Files.write(folder.resolve("rcs.properties"), content);

    if (isRead) {
      assertThat(Settings.builder().file(file).build().warnings()).isEmpty();
    } else {
      assertThatThrownBy(() -> Settings.builder().file(file))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              file + ": more than 1048576 bytes (expected: a configuration file of at most that)");
    }
  }

  @Test
  void bytesThatAreNoText_areRefused_withTheirLine() throws IOException {
    Path latin = Files.write(
        folder.resolve("latin"), "a=b\ntenant.name=Käse".getBytes(StandardCharsets.ISO_8859_1));
    Path control = write("http.port=1\nhttp.host=\u0000");

    assertThatThrownBy(() -> Settings.builder().file(latin))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            latin + ", line 2: not UTF-8 (expected: text in that encoding; save the file anew)");
    assertThatThrownBy(() -> Settings.builder().file(control))
        .isInstanceOf(SettingsException.class)
        .hasMessage(control + ", line 2: a control character (expected: text)");
  }

  @Test
  void byteOrderMark_isPassedOver() throws IOException {
    Settings settings = Settings.builder().file(write("\uFEFFtenant.name=Käse")).build();

    assertThat(settings.value(SettingKeys.TENANT_NAME)).isEqualTo("Käse");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("rcs.properties"), content);
  }
}
