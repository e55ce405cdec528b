package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.samples.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The verbs record and recordings, as a user types them. */
class RecordTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void encryptedPair_isListed_shown_andDecryptsToWhatWasPlayed() throws IOException {
    Path store = folder.resolve("store");
    Run recorded = ok(
        "record",
        "--store",
        store,
        "--cert",
        FIRST.certificatePath(),
        "--ca",
        Samples.path("certificates/ca.pem"),
        "--screen-cert",
        FIRST.certificatePath(),
        "--call",
        CALL,
        "--screen",
        SCREEN,
        "--caller",
        "8522001",
        "--dialed",
        "+14160000001",
        "--agent",
        "agent-7",
        "--json");
    assertThat(recorded.messages()).doesNotContain("warning");
    JsonNode recordings = recorded.json().get("recordings");
    assertThat(recordings).hasSize(2);

    for (JsonNode recording : recordings) {
      JsonNode file = recording.get("mediaFiles").get(0);
      Path original = file.get("type").asString().startsWith("audio") ? CALL : SCREEN;
      Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
      Path played = folder.resolve(original.getFileName());
      ok("decrypt", "--key", FIRST.keyPath(), stored, "-o", played);
      assertThat(Files.mismatch(played, original)).isEqualTo(-1);

      String id = recording.get("id").asString();
      assertThat(ok("recordings", "show", "--store", store, id).text())
          .contains(id, "8522001", "+14160000001", "agent-7", "pkcs7", "HMAC-SHA256");
      assertThat(ok("recordings", "show", "--store", store, "--json", id).json())
          .isEqualTo(recording);
    }
  }

  @Test
  void signal_endsTheCall_andKeepsWhatWasRecorded() throws Exception {
    Path store = folder.resolve("store");
    Path said = folder.resolve("said");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Tapeseal.class.getName(),
            "record",
            "--store",
            store.toString(),
            "--pace",
            "real-time",
            "--cert",
            FIRST.certificatePath().toString(),
            "--screen-cert",
            FIRST.certificatePath().toString(),
            "--call",
            CALL.toString(),
            "--screen",
            SCREEN.toString())
        .redirectError(said.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      while (parts(store).stream().filter(part -> part.toFile().length() > 2000).count() < 2) {
        assertThat(process.isAlive()).as(() -> read(said)).isTrue();
        Thread.sleep(50);
      }
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(read(said))
        .contains("the call is stored until here", "the screen is given up")
        .doesNotContain("Exception");
    assertThat(parts(store)).isEmpty();
    JsonNode recordings = ok("recordings", "list", "--json", "--store", store).json();
    assertThat(recordings.get("recordings")).hasSize(1);
    JsonNode file = recordings.get("recordings").get(0).get("mediaFiles").get(0);
    Path played = folder.resolve("played.mp3");
    ok(
        "decrypt",
        "--key",
        FIRST.keyPath(),
        store.resolve(file.get("mediaDescriptor").get("path").asString()),
        "-o",
        played);
    byte[] beginning = Files.readAllBytes(played);
    assertThat(beginning.length).isBetween(1, (int) Files.size(CALL) - 1);
    assertThat(beginning).isEqualTo(Arrays.copyOf(Files.readAllBytes(CALL), beginning.length));
  }

  private static List<Path> parts(Path store) throws IOException {
    if (Files.notExists(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A live stream's length is unknown when its header is written, so a WAV header may differ; nothing else may. */
  @ParameterizedTest(name = "{0}, encrypted: {1}")
  @CsvSource({
    "call.wav, true", "call.wav, false", "pcm16.wav, true", "pcm16.wav, false",
    "alaw.wav, true", "alaw.wav, false", "call.mp3, true", "call.mp3, false"
  })
  void call_isStoredSampleBySample(String sample, boolean encrypted) throws IOException {
    Path store = folder.resolve("store");
    Path original = Samples.path("media/" + sample);
    List<Object> record =
        new ArrayList<>(List.of("record", "--store", store, "--call", original, "--json"));
    if (encrypted) {
      record.addAll(List.of("--cert", FIRST.certificatePath()));
    }
    JsonNode recording = ok(record.toArray()).json().get("recordings").get(0);

    byte[] played = played(store, recording, encrypted);

    assertThat(frames(Files.write(folder.resolve("played"), played))).isEqualTo(frames(original));
    if (sample.endsWith(".mp3")) {
      assertThat(played).isEqualTo(Files.readAllBytes(original));
    } else {
      assertThat(new String(played, 0, 4, US_ASCII)).isEqualTo("RIFF");
    }
  }

  @Test
  void clearScreen_isStoredByteForByte() throws IOException {
    Path store = folder.resolve("store");
    JsonNode recording = ok("record", "--store", store, "--screen", SCREEN, "--json")
        .json()
        .get("recordings")
        .get(0);

    assertThat(played(store, recording, false)).isEqualTo(Files.readAllBytes(SCREEN));
  }

  /** Clear media as they lie in the store; encrypted ones as decrypt gives them. */
  private static byte[] played(Path store, JsonNode recording, boolean encrypted)
      throws IOException {
    JsonNode file = recording.get("mediaFiles").get(0);
    Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
    assertThat(file.has("tapeseal")).isEqualTo(encrypted);
    assertThat(file.get("size").asString()).isEqualTo(Long.toString(Files.size(stored)));
    return encrypted
        ? ok("decrypt", "--key", FIRST.keyPath(), stored, "-o", "-").output()
        : Files.readAllBytes(stored);
  }

  /** All bytes of sound, one frame after another. */
  private static byte[] frames(Path file) throws IOException {
    var sound = new ByteArrayOutputStream();
    try (MediaSource source = MediaSource.open(file)) {
      var frame = new Frame();
      while (source.next(frame)) {
        sound.write(frame.bytes().array(), 0, frame.bytes().limit());
      }
    }
    return sound.toByteArray();
  }

  @Test
  void realTimePace_takesAsLongAsTheCall() throws IOException {
    Path shortCall = folder.resolve("short.mp3"); // 10 frames of 72 ms
    Files.write(shortCall, Arrays.copyOf(Samples.bytes("media/call.mp3"), 10 * 288));
    long before = System.nanoTime();

    ok("record", "--store", folder.resolve("store"), "--call", shortCall, "--pace", "real-time");

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(9 * 72));
  }

  @Test
  void list_filtersByNumberAndKind() {
    Path store = folder.resolve("store");
    ok("record", "--store", store, "--call", CALL, "--caller", "8522001", "--screen", SCREEN);
    ok("record", "--store", store, "--call", CALL, "--caller", "777");

    assertThat(listed(store)).isEqualTo(3);
    assertThat(listed(store, "--caller", "852*")).isEqualTo(2);
    assertThat(listed(store, "--caller", "778")).isZero();
    assertThat(listed(store, "--kind", "screen")).isEqualTo(1);
    assertThat(listed(store, "--before", "2020-01-01T00:00:00Z")).isZero();
    assertThat(listed(store, "--limit", "2")).isEqualTo(2);
    assertThat(ok("recordings", "list", "--store", store).text()).contains("KIND", "clear", "777");
  }

  private static int listed(Path store, String... filter) {
    Object[] arguments = Stream.concat(
            Stream.of("recordings", "list", "--json", "--store", store), Stream.of(filter))
        .toArray();
    return ok(arguments).json().get("recordings").size();
  }

  @Test
  void unknownId_isNotFound() {
    Path store = folder.resolve("store");
    ok("record", "--store", store, "--call", CALL);

    Run run = Run.of("recordings", "show", "--store", store, "NOSUCH");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(run.messages()).contains("NOSUCH", "recordings list");
  }

  @Test
  void mixedPair_isRecorded_withAWarningThatNamesTheCure() {
    Run run = ok(
        "record",
        "--store",
        folder.resolve("store"),
        "--call",
        CALL,
        "--screen",
        SCREEN,
        "--cert",
        FIRST.certificatePath());

    assertThat(run.messages()).contains("warning", "muxer", "--screen-cert");
  }

  @Test
  void refusedCertificate_leavesNoRecording() {
    Path store = folder.resolve("store");

    Run run =
        Run.of("record", "--store", store, "--cert", EXPIRED.certificatePath(), "--call", CALL);

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(run.messages()).contains("expired.pem");
    assertThat(store).doesNotExist();
  }

  @Test
  void catalogThatTheEnvironmentNames_isUsed() {
    Path store = folder.resolve("store");
    Path elsewhere = folder.resolve("elsewhere.db");
    Map<String, String> environment = Map.of("TAPESEAL_CATALOG_URL", "jdbc:sqlite:" + elsewhere);

    Run recorded = Run.with(environment, new byte[0], "record", "--store", store, "--call", CALL);
    Run listed =
        Run.with(environment, new byte[0], "recordings", "list", "--json", "--store", store);

    assertThat(recorded.exitCode()).as(recorded.toString()).isZero();
    assertThat(listed.json().get("recordings")).hasSize(1);
    assertThat(elsewhere).exists();
    assertThat(store.resolve("catalog.db")).doesNotExist();
    assertThat(listed(store)).as("by the catalog in its folder").isEqualTo(1);
  }

  @Test
  void catalogAddressWithAPassword_isRefused_withoutSayingIt() {
    Run run = Run.with(
        Map.of("TAPESEAL_CATALOG_URL", "jdbc:postgresql://me:horse@db/calls"),
        new byte[0],
        "record",
        "--store",
        folder.resolve("store"),
        "--call",
        CALL);

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.messages()).contains("TAPESEAL_CATALOG_URL", "without user and password");
    assertThat(run.messages()).doesNotContain("horse");
  }

  private static Run ok(Object... arguments) {
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }
}
