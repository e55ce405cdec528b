package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code serve}, {@code wait} and {@code user add} as a shell has them, and the documented commands against them. */
class ServeTest {
  private static final String CONTACT_CENTER = "00000000000000000000000000000001";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Path data;

  @BeforeEach
  void name() {
    data = folder.resolve("data");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  // --- start and end ---

  @Test
  void emptyFolder_isServed_tellsTheOpsPassword_andWhatToDoNext() throws Exception {
    Run run;
    try (Serving serving = Serving.start(data, Map.of())) {
      assertThat(Files.readString(folder.resolve("data.port"))).matches("[0-9]+\n");
      assertThat(Run.of("wait", "--for", "ready", serving.uri()).exitCode()).isZero();
      run = serving.end();
    }

    List<String> lines = run.messages().lines().toList();
    Matcher password =
        Pattern.compile("(?s).*said this once: (\\w{32})\n.*").matcher(run.messages());
    assertThat(run.exitCode()).isZero();
    assertThat(password.matches()).isTrue();
    assertThat(run.messages())
        .contains("tapeseal keystore import --keystore " + data.resolve("keystore.p12"))
        .contains("tapeseal user add NAME --privilege decrypt");
    assertThat(lines.get(lines.size() - 1))
        .matches("READY tapeseal \\S+ http://127\\.0\\.0\\.1:[0-9]+ in [0-9]+ ms");
    assertThat(folder.resolve("data.port")).doesNotExist();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path made : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(made, StandardCharsets.ISO_8859_1))
            .as(made.toString())
            .doesNotContain(password.group(1));
      }
    }
  }

  @Test
  void process_endsOnSigterm_withZero_andLogsJsonWhereAsked() throws Exception {
    Serving.addUsers(data);
    Path said = folder.resolve("said.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Tapeseal.class.getName(),
            "serve",
            "--data",
            data.toString(),
            "--port",
            "0",
            "--log-format",
            "json",
            "--json")
        .redirectError(said.toFile())
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
    try {
      while (!Files.readString(said).contains("READY") && process.isAlive()) {
        Thread.sleep(50);
      }
      process.destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    List<String> lines = Files.readAllLines(said);
    for (String line : lines) {
      assertThat(JsonMapper.shared().readTree(line).path("formattedMessage").asString())
          .as(line)
          .isNotEmpty();
    }
    assertThat(lines.get(lines.size() - 1)).contains("\"READY tapeseal ");
    assertThat(JsonMapper.shared()
            .readTree(Files.readString(folder.resolve("output.txt")))
            .path("cryptoServerUri")
            .asString())
        .endsWith("/rcs");
  }

  // --- what it takes and refuses ---

  @Test
  void flag_winsOverEnvironment_whichWinsOverTheFile() throws Exception {
    Serving.addUsers(data);
    Files.writeString(data.resolve("rcs.properties"), "node.path=/FILE\nlog.format=text\n");
    Path elsewhere = file("other.properties", "contact-center.id=" + "ab".repeat(16) + "\n");

    try (Serving serving = Serving.start(
        data,
        Map.of("TAPESEAL_CONTACT_CENTER_ID", "cd".repeat(16)),
        "--config",
        elsewhere,
        "--node-path",
        "/US/AK")) {
      HttpResponse<byte[]> answer =
          serving.get("ops", Serving.PASSWORD, "/api/v2/ops/contact-centers");

      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("cd".repeat(16));
    }
  }

  @Test
  void addressOfOthers_withoutTls_isRefused() {
    Run run = Run.of("serve", "--data", data, "--host", "0.0.0.0", "--port", "0");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.messages().lines()).hasSize(1);
    assertThat(run.messages()).contains("open to others").contains("http.plain = anywhere");
  }

  @Test
  void portInUse_isOneLine() throws Exception {
    Serving.addUsers(data);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run = Run.of("serve", "--data", data, "--port", taken.getLocalPort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.messages())
          .isEqualTo("tapeseal: cannot listen on 127.0.0.1 port " + taken.getLocalPort()
              + " (expected: a free port of this machine)\n");
    }
  }

  @Test
  void missingOrWrongArguments_areUsage() {
    assertThat(Run.of("serve").exitCode()).isEqualTo(2);
    assertThat(
            Run.of("serve", "--data", data, "--config", folder.resolve("none")).exitCode())
        .isEqualTo(4);
    Run port = Run.of("serve", "--data", data, "--port", "70000");
    assertThat(port.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(port.messages()).contains("flag --port", "65535");
    assertThat(Run.of("wait", "ftp://host").exitCode()).isEqualTo(2);
    assertThat(Run.of("wait", "--timeout", "soon", "http://127.0.0.1:1").exitCode())
        .isEqualTo(2);
    assertThat(Run.of("user").exitCode()).isEqualTo(2);
  }

  @Test
  void wait_endsWith7_whereNothingAnswersInTime() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    Run run = Run.of("wait", "--timeout", "300ms", "--json", "http://127.0.0.1:" + port);

    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.json().path("ready").asBoolean()).isFalse();
    assertThat(run.messages()).contains("is not ready after");
  }

  // --- users and playback ---

  @Test
  void recording_playsToAUserWhoWasAddedMeanwhile() throws Exception {
    Serving.addUsers(data);
    Path password = file("password.txt", "correct horse\n");
    Path keyStorePassword = file("keystore-password.txt", "battery staple\n");
    try (Serving serving =
        Serving.start(data, Map.of(), "--keystore-password-file", keyStorePassword)) {
      String added = "alice";
      assertThat(
              serving.get(added, "correct horse", "/api/v2/recordings?limit=1").statusCode())
          .isEqualTo(401);

      Run user = Run.of(
          "user",
          "add",
          added,
          "--data",
          data,
          "--password-file",
          password,
          "--privilege",
          "decrypt",
          "--json");
      Run key = Run.of(
          "keystore",
          "import",
          "--keystore",
          data.resolve("keystore.p12"),
          "--keystore-password-file",
          keyStorePassword,
          "--alias",
          "calls",
          "--key",
          SampleCertificates.FIRST.keyPath(),
          "--cert",
          SampleCertificates.FIRST.certificatePath());
      Run recorded = Run.of(
          "record",
          "--store",
          data.resolve("recordings"),
          "--call",
          Samples.path("media/call.mp3"),
          "--cert",
          SampleCertificates.FIRST.certificatePath(),
          "--json");

      assertThat(user.exitCode()).as(user.messages()).isZero();
      assertThat(user.json().path("privileges").path(0).asString()).isEqualTo("decrypt");
      assertThat(key.exitCode()).as(key.messages()).isZero();
      assertThat(recorded.exitCode()).as(recorded.messages()).isZero();
      var found = JsonMapper.shared()
          .readTree(
              serving.get(added, "correct horse", "/api/v2/recordings?limit=1").body())
          .path("recordings")
          .path(0);
      HttpResponse<byte[]> played = serving.get(
          added,
          "correct horse",
          "/api/v2" + found.path("mediaFiles").path(0).path("playPath").asString());
      assertThat(played.statusCode()).isEqualTo(200);
      assertThat(played.body()).isEqualTo(Files.readAllBytes(Samples.path("media/call.mp3")));
    }
  }

  @Test
  void user_isNotReplacedUnlessAskedFor_andNeedsAPrivilegeThatThereIs() throws Exception {
    Map<String, String> password = Map.of("TAPESEAL_USER_PASSWORD", "correct horse");
    Object[] add = {"user", "add", "bob", "--data", data, "--privilege", "ops,decrypt"};

    assertThat(Run.with(password, new byte[0], add).exitCode()).isZero();
    Run again = Run.with(password, new byte[0], add);
    List<Object> forced = new ArrayList<>(Arrays.asList(add));
    forced.add("--force");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.messages()).contains("bob", "there is a user of this name");
    assertThat(Run.with(password, new byte[0], forced.toArray()).exitCode()).isZero();
    assertThat(
            Run.of("user", "add", "eve", "--data", data, "--privilege", "root").messages())
        .contains("no such privilege (expected: administer-certificates, decrypt, ops)");
    assertThat(
            Run.of("user", "add", "eve", "--data", data, "--privilege", "ops").exitCode())
        .isEqualTo(2);
    assertThat(Run.with(
                password, new byte[0], "user", "add", "a:b", "--data", data, "--privilege", "ops")
            .exitCode())
        .isEqualTo(2);
    assertThat(Files.readString(data.resolve("users"))).doesNotContain("correct horse");
  }

  @Test
  void users_areListedAndRemoved_andAnotherPasswordIsGiven_withoutTheOldOneWorkingAnyMore()
      throws Exception {
    Serving.addUsers(data);
    Map<String, String> password = Map.of("TAPESEAL_USER_PASSWORD", "correct horse");
    try (Serving serving = Serving.start(data, Map.of())) {
      String path = "/api/v2/recordings?limit=1";
      assertThat(serving.get("player", Serving.PASSWORD, path).statusCode()).isEqualTo(200);

      Run changed = Run.with(
          password,
          new byte[0],
          "user",
          "add",
          "player",
          "--data",
          data,
          "--privilege",
          "decrypt",
          "--force");
      Run listed = Run.of("user", "list", "--data", data);
      Run json = Run.of("user", "list", "--data", data, "--json");

      assertThat(changed.exitCode()).as(changed.messages()).isZero();
      assertThat(serving.get("player", Serving.PASSWORD, path).statusCode()).isEqualTo(401);
      assertThat(serving.get("player", "correct horse", path).statusCode()).isEqualTo(200);
      assertThat(listed.text()).isEqualTo("ops     ops\nplayer  decrypt\n");
      assertThat(json.json().at("/users/1/user").asString()).isEqualTo("player");
      assertThat(json.json().at("/users/1/privileges/0").asString()).isEqualTo("decrypt");
      assertThat(json.text() + listed.text()).doesNotContain("pbkdf2", "$");

      Run removed = Run.of("user", "remove", "player", "--data", data, "--json");

      assertThat(removed.exitCode()).as(removed.messages()).isZero();
      assertThat(removed.json().path("user").asString()).isEqualTo("player");
      assertThat(serving.get("player", "correct horse", path).statusCode()).isEqualTo(401);
      Run again = Run.of("user", "remove", "player", "--data", data);
      assertThat(again.exitCode()).isEqualTo(4);
      assertThat(again.messages()).contains("player: there is no user of this name");
    }
  }

  @Test
  void services_areReachedByTls_byCurlAndByWait_whereTheAuthorityIsNamed() throws Exception {
    assumeTrue(isOnPath("curl") && isOnPath("openssl"), "curl and openssl are not on PATH");
    Serving.addUsers(data);
    Path certificate = folder.resolve("tls.pem");
    Path key = folder.resolve("tls-key.pem");
    shell(
        folder,
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout tls-key.pem -out tls.pem -days 2"
            + " -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1");
    try (Serving serving =
        Serving.start(data, Map.of(), "--tls-cert", certificate, "--tls-key", key)) {
      String uri = serving.uri().toString().replace("http:", "https:");

      Run ready = Run.of("wait", "--ca", certificate, "--timeout", "60s", uri);
      Run untrusted = Run.of("wait", "--timeout", "300ms", uri);

      assertThat(ready.exitCode()).as(ready.messages()).isZero();
      assertThat(untrusted.exitCode()).isEqualTo(7);
      assertThat(shell(
              folder,
              "curl -s --cacert tls.pem -u ops:" + Serving.PASSWORD + " " + uri
                  + "/api/v2/ops/contact-centers"))
          .contains("\"uris\":[\"" + uri + "/api/v2/ops/contact-centers/");
      assertThat(shell(folder, "curl -s " + uri + "/health/ready || echo $?")).isEqualTo("60");
    }
    assertThat(Run.of("wait", "--ca", folder.resolve("none"), "https://localhost:1")
            .exitCode())
        .isEqualTo(4);
    assertThat(Run.of("wait", "--ca", key, "https://localhost:1").messages())
        .contains("(expected: PEM");
  }

  // --- the documented commands ---

  /** As they stand in the guide: host, contact center and the password of ops apart, lines joined that a page broke. */
  @Test
  void documentedCurlCommands_work() throws Exception {
    assumeTrue(isOnPath("curl"), "curl is not on PATH");
    Path guides = Path.of(System.getProperty("tapeseal.root")).resolve("../shared/guide");
    assumeTrue(Files.isDirectory(guides), "../shared/guide is not here");
    Serving.addUsers(data);
    Path temporary = Files.createDirectories(folder.resolve("curl"));
    String body = "{\"name\":\"decrypt-uri-prefix\",\"location\":\"%s\",\"value\":\"%s/rcs\"}";
    int commands = 0;
    try (Serving serving = Serving.start(data, Map.of(), "--node-path", "/US/AK")) {
      Files.writeString(
          temporary.resolve("create_single_location"), body.formatted("/", "http://one:8080"));
      Files.writeString(
          temporary.resolve("create_first_location"), body.formatted("/US", "http://us:8080"));
      for (String command : commands(guides, serving.uri().getAuthority())) {
        String answer = shell(temporary, command);

        assertThat(JsonMapper.shared().readTree(answer).path("statusCode").asInt(-1))
            .as(command + "\n" + answer)
            .isZero();
        commands++;
      }

      String shown = new String(
          serving
              .get(
                  "ops",
                  Serving.PASSWORD,
                  "/api/v2/ops/contact-centers/" + CONTACT_CENTER + "/settings/screen-recording")
              .body(),
          StandardCharsets.UTF_8);
      assertThat(commands).isEqualTo(2);
      assertThat(shown).contains("http://one:8080/rcs", "http://us:8080/rcs");
    }
  }

  private static List<String> commands(Path guides, String authority) throws IOException {
    List<String> commands = new ArrayList<>();
    try (Stream<Path> files = Files.list(guides)) {
      for (Path guide : files.toList()) {
        Matcher block = Pattern.compile("```\\s*\n(curl .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(guide));
        while (block.find()) {
          commands.add(String.valueOf(block.group(1))
              .replaceAll("<Web Services\\s+Server>:8080", authority)
              .replace("<contact center ID (in hex format)>", CONTACT_CENTER)
              .replace("ops:ops", "ops:" + Serving.PASSWORD)
              .replaceAll("\\s*\n(?=--)", " ")
              .replaceAll("\\s*\n", "")
              .replaceFirst("^curl ", "curl -s "));
        }
      }
    }
    return commands;
  }

  /** The facts about the same settings that the guide has without a command. */
  @Test
  void documentedSettings_areSetShownAndDeleted_byCurl() throws Exception {
    assumeTrue(isOnPath("curl"), "curl is not on PATH");
    Serving.addUsers(data);
    try (Serving serving = Serving.start(data, Map.of())) {
      String curl = "curl -s -u ops:" + Serving.PASSWORD + " ";
      String settings = serving.uri() + "/api/v2/settings/screen-recording";
      String storage = "'{\"name\":\"storage\",\"location\":\"/US/CA\",\"value\":[{\"storageType\":"
          + "\"webDAV\",\"active\":true,\"credential\":{\"userName\":\"u\",\"password\":\"hush\","
          + "\"storagePath\":\"http://host/recordings\"}}]}'";

      assertThat(shell(folder, curl + serving.uri() + "/api/v2/ops/contact-centers"))
          .isEqualTo("{\"statusCode\":0,\"uris\":[\"" + serving.uri()
              + "/api/v2/ops/contact-centers/" + CONTACT_CENTER + "\"]}");
      assertThat(shell(
              folder,
              curl + "-X POST -H 'Content-Type: application/json' -d " + storage + " " + settings))
          .isEqualTo("{\"statusCode\":0}");
      assertThat(shell(folder, curl + "'" + settings + "?location=/US/CA'"))
          .contains("\"storagePath\":\"http://host/recordings\"")
          .doesNotContain("hush");
      assertThat(shell(
              folder,
              curl + "-X DELETE -d '{\"name\":\"storage\"}' '" + settings + "?location=/US/CA'"))
          .isEqualTo("{\"statusCode\":0}");
      assertThat(shell(folder, curl + settings)).isEqualTo("{\"statusCode\":0,\"settings\":[]}");
    }
  }

  private static boolean isOnPath(String command) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }

  private static String shell(Path directory, String command) throws Exception {
    Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(command + "\n" + said).isZero();
    return said.strip();
  }
}
