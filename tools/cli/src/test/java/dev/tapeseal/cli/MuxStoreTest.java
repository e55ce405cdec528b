package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The pairs of a store: each once, whoever is at it and whatever becomes of the others. */
class MuxStoreTest {
  private static final Path CALL = Samples.path("media/tagged.mp3");
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  enum Side {
    ENCRYPTED,
    CLEAR
  }

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private void record(Side call, Side screen) {
    List<Object> command = new ArrayList<>(List.of(
        "record", "--store", store(), "--call", CALL, "--screen", SCREEN, "--agent", "agent-1042"));
    if (call == Side.ENCRYPTED) {
      command.addAll(List.of("--cert", FIRST.certificatePath()));
    }
    if (screen == Side.ENCRYPTED) {
      command.addAll(List.of("--screen-cert", FIRST.certificatePath()));
    }
    Run run = Run.of(command.toArray());
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  private Path store() {
    return folder.resolve("recordings");
  }

  private Run mux(Object... more) {
    List<Object> command = new ArrayList<>(List.of(
        "mux",
        "--json",
        "--store",
        store(),
        "--key",
        FIRST.keyPath(),
        "--cert",
        FIRST.certificatePath()));
    command.addAll(List.of(more));
    return Run.of(command.toArray());
  }

  @Test
  void muxedRecording_joinsItsCall_andPlays() throws IOException {
    record(Side.ENCRYPTED, Side.ENCRYPTED);

    Run run = mux();

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.json().path("muxed").asInt()).isEqualTo(1);
    JsonNode pair = run.json().path("pairs").get(0);
    JsonNode files = Run.of(
            "recordings",
            "show",
            "--json",
            "--store",
            store(),
            pair.path("call").asString())
        .json()
        .path("mediaFiles");
    assertThat(files.size()).isEqualTo(2);
    JsonNode muxed = files.get(1);
    assertThat(muxed.path("type").asString()).isEqualTo("video/mp4");
    assertThat(muxed.path("mediaId").asString()).isEqualTo(pair.path("mediaId").asString());
    assertThat(muxed.path("parameters").path("muxedFrom").asString())
        .startsWith(files.get(0).path("mediaId").asString() + " ")
        .endsWith(".mp4");
    Path played = folder.resolve("played.mp4");
    Path stored = store().resolve(muxed.path("mediaDescriptor").path("path").asString());
    Run decrypted = Run.of("decrypt", "--key", FIRST.keyPath(), stored, "-o", played);
    assertThat(decrypted.exitCode()).as(decrypted.toString()).isZero();
    assertThat(decrypted.messages()).isEmpty();
    assertThat(Long.parseLong(muxed.path("tapeseal").path("plaintextBytes").asString()))
        .isEqualTo(Files.size(played));
    if (Ffmpeg.isPresent()) {
      Ffmpeg.decode(played);
    }
  }

  @Test
  void pairThatIsMuxed_isNotMuxedAgain() {
    record(Side.ENCRYPTED, Side.ENCRYPTED);
    record(Side.CLEAR, Side.CLEAR);
    assertThat(mux().json().path("muxed").asInt()).isEqualTo(2);

    Run again = mux();

    assertThat(again.exitCode()).isZero();
    assertThat(again.json().path("muxed").asInt()).isZero();
    assertThat(again.json().path("alreadyMuxed").asInt()).isEqualTo(2);
  }

  @Test
  void mixedPair_doesNotStopTheOthers_andIsReported() {
    record(Side.ENCRYPTED, Side.ENCRYPTED);
    record(Side.ENCRYPTED, Side.CLEAR);

    Run run = mux();

    assertThat(run.exitCode()).isEqualTo(6);
    assertThat(run.json().path("muxed").asInt()).isEqualTo(1);
    assertThat(run.json().path("refused").asInt()).isEqualTo(1);
    assertThat(run.messages())
        .contains("mixed pair")
        .contains("assign a screen recording certificate");
  }

  @Test
  void encryptedPair_withoutKeys_isRefused() {
    record(Side.ENCRYPTED, Side.ENCRYPTED);

    Run run = Run.of("mux", "--json", "--store", store());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.messages()).contains("without keys and certificates");
  }

  @ParameterizedTest(name = "call {0}, screen {1}, metadata lie: {2}")
  @CsvSource({
    "ENCRYPTED, ENCRYPTED, false", "ENCRYPTED, ENCRYPTED, true",
    "ENCRYPTED, CLEAR, false", "ENCRYPTED, CLEAR, true",
    "CLEAR, ENCRYPTED, false", "CLEAR, ENCRYPTED, true",
    "CLEAR, CLEAR, false", "CLEAR, CLEAR, true"
  })
  void exactlyTheMatchingPairs_areMuxed_whateverMetadataClaim(Side call, Side screen, boolean lie)
      throws IOException {
    record(call, screen);
    if (lie) {
      lieAbout(RecordingKind.CALL);
      lieAbout(RecordingKind.SCREEN);
    }

    Run run = mux();

    boolean matching = call == screen;
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(matching ? 0 : 5);
    assertThat(run.json().path("muxed").asInt()).isEqualTo(matching ? 1 : 0);
  }

  /** Says that what is encrypted is clear, and the other way round. */
  private void lieAbout(RecordingKind kind) throws IOException {
    try (RecordingStore store = RecordingStore.openExisting(store())) {
      Recording recording =
          store.query(RecordingQuery.ALL.withKind(kind)).recordings().get(0);
      store.update(recording.id(), truth -> {
        MediaFile file = truth.mediaFiles().get(0);
        MediaFile.Builder lie = MediaFile.builder(file.mediaId(), file.type())
            .started(Objects.requireNonNull(file.started()))
            .callUuid(file.callUuid())
            .agentId(file.agentId());
        if (file.encryption() == null) {
          lie.encryption(new MediaEncryption(
              "pkcs7",
              List.of(new MediaRecipient("CN=nobody", BigInteger.ONE, null, null)),
              null,
              "00".repeat(16),
              null,
              -1));
        }
        return truth.toBuilder().media(lie.build()).build();
      });
    }
  }

  @Test
  void damagedRecording_isRefused_andTheOthersGoOn() throws IOException {
    record(Side.CLEAR, Side.CLEAR);
    Path call;
    try (var files =
        Files.find(store(), 9, (file, attributes) -> file.toString().endsWith(".mp3"))) {
      call = files.findFirst().orElseThrow();
    }
    Files.write(call, new byte[1000]);
    record(Side.CLEAR, Side.CLEAR);

    Run run = mux();

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(6);
    assertThat(run.json().path("muxed").asInt()).isEqualTo(1);
    assertThat(run.json().path("refused").asInt()).isEqualTo(1);
  }

  @Test
  void manyWorkersAtOnce_doNoPairTwice() throws Exception {
    for (int pair = 0; pair < 4; pair++) {
      record(Side.ENCRYPTED, Side.ENCRYPTED);
    }
    ExecutorService commands = Executors.newFixedThreadPool(3);
    List<Future<Run>> runs =
        commands.invokeAll(List.<Callable<Run>>of(this::mux, this::mux, this::mux));
    commands.shutdown();

    int muxed = 0;
    for (Future<Run> run : runs) {
      assertThat(run.get().exitCode()).as(run.get().toString()).isZero();
      muxed += run.get().json().path("muxed").asInt();
    }
    assertThat(muxed).isEqualTo(4);
    assertThat(mux().json().path("alreadyMuxed").asInt()).isEqualTo(4);
  }

  @Test
  void watching_muxesWhatComesLater_untilInterrupted() throws Exception {
    record(Side.CLEAR, Side.CLEAR);
    Thread watch = new Thread(() -> mux("--watch", "--interval", "1"));
    watch.start();
    record(Side.CLEAR, Side.CLEAR);
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (Run.of("mux", "--json", "--store", store(), "--before", "1970-01-01T00:00:00Z")
                .exitCode()
            == 0
        && muxedFiles() < 2
        && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
    watch.interrupt();
    watch.join(30_000);

    assertThat(watch.isAlive()).isFalse();
    assertThat(muxedFiles()).isEqualTo(2);
  }

  @Test
  void watching_tellsPrometheus_whatWasMuxed_andRefused_andWhy() throws Exception {
    record(Side.CLEAR, Side.CLEAR);
    record(Side.ENCRYPTED, Side.CLEAR);
    var messages = new ByteArrayOutputStream();
    var terminal = new Terminal(
        InputStream.nullInputStream(), OutputStream.nullOutputStream(), messages, Map.of(), false);
    String[] command = {
      "mux", "--store", store().toString(), "--watch", "--interval", "1", "--metrics-port", "0"
    };
    Thread watch = new Thread(() -> Tapeseal.run(terminal, command));
    watch.start();
    try {
      String numbers = "";
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (!(numbers.contains("result=\"muxed\"} 1.0")
              && numbers.contains("result=\"refused\"} 1.0"))
          && System.nanoTime() < deadline) {
        Thread.sleep(50);
        Matcher said =
            Pattern.compile("metrics at (\\S+)").matcher(messages.toString(StandardCharsets.UTF_8));
        if (said.find()) {
          var request = HttpRequest.newBuilder(URI.create(said.group(1))).build();
          numbers = HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.ofString())
              .body();
        }
      }
      assertThat(numbers)
          .contains("tapeseal_mux_pairs_total{result=\"muxed\"} 1.0")
          .contains("tapeseal_mux_refusals_total{reason=\"screen-plain\"} 1.0")
          .contains("tapeseal_mux_refusals_total{reason=\"call-plain\"} 0.0")
          .containsPattern("tapeseal_mux_bytes_total [1-9]");
    } finally {
      watch.interrupt();
      watch.join(30_000);
    }
    assertThat(watch.isAlive()).isFalse();
    assertThat(mux("--metrics-port", "0").exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(mux("--watch", "--metrics-port", "70000").exitCode())
        .isEqualTo(ExitCode.USAGE.number());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs7", "pkcs7-detached", "sealed"})
  void muxedRecording_liesAsItsScreenDoes_unlessSaidOtherwise(String format) {
    Run recorded = Run.of(
        "record",
        "--store",
        store(),
        "--format",
        format,
        "--call",
        CALL,
        "--screen",
        SCREEN,
        "--agent",
        "agent-1042",
        "--cert",
        FIRST.certificatePath(),
        "--screen-cert",
        FIRST.certificatePath());
    assertThat(recorded.exitCode()).as(recorded.toString()).isZero();

    Run run = mux();

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(muxedFile(store()).path("tapeseal").path("format").asString()).isEqualTo(format);
  }

  @Test
  void dataFolder_namesTheStore_theKeys_andTheCertificatesOfNow() throws IOException {
    Path data = folder;
    Path password = Files.writeString(folder.resolve("password.txt"), "correct horse\n");
    for (SampleIdentity identity : List.of(FIRST, SECOND)) {
      ok(
          "keystore",
          "import",
          "--keystore",
          data.resolve("keystore.p12"),
          "--keystore-password-file",
          password,
          "--alias",
          identity.name(),
          "--key",
          identity.keyPath(),
          "--cert",
          identity.certificatePath());
    }
    ok("profile", "create", "recording", "--mime-type", "audio/mp3", "--data", data);
    ok("profile", "deploy", "recording", FIRST.certificatePath(), "--data", data);
    ok("screen-certificate", "assign", FIRST.certificatePath(), "--data", data);
    ok("record", "--data", data, "--call", CALL, "--screen", SCREEN, "--agent", "agent-1042");
    ok("profile", "deploy", "recording", SECOND.certificatePath(), "--data", data);
    ok("profile", "withdraw", "recording", FIRST.certificatePath(), "--data", data);
    ok("screen-certificate", "assign", SECOND.certificatePath(), "--data", data);

    Run run = Run.of("mux", "--json", "--data", data, "--keystore-password-file", password);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.json().path("muxed").asInt()).as(run.toString()).isEqualTo(1);
    JsonNode recipients = muxedFile(store()).path("tapeseal").path("recipients");
    assertThat(recipients.size())
        .as("SECOND of the profile, FIRST of the screens")
        .isEqualTo(2);
    ok("screen-certificate", "remove", FIRST.certificatePath(), "--data", data);
    ok("record", "--data", data, "--call", CALL, "--screen", SCREEN, "--agent", "agent-1042");
    Run again = Run.of("mux", "--json", "--data", data, "--keystore-password-file", password);
    assertThat(again.json().path("muxed").asInt()).as(again.toString()).isEqualTo(1);
    assertThat(again.json().path("alreadyMuxed").asInt()).as(again.toString()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--data DIR --store DIR", "--data DIR --cert CERT", "--data DIR CALL SCREEN"})
  void dataFolder_withWhatItProvisions_isAUsageError(String arguments) {
    Run run = Run.of((Object[]) ("mux " + arguments)
        .replace("DIR", folder.toString())
        .replace("CERT", FIRST.certificatePath().toString())
        .replace("CALL", CALL.toString())
        .replace("SCREEN", SCREEN.toString())
        .split(" "));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).contains("expected:");
  }

  @Test
  void cryptoServer_decrypts_forAMuxerThatHasNoKey() throws Exception {
    Path data = folder.resolve("data");
    Path password = Files.writeString(folder.resolve("password.txt"), "correct horse\n");
    Path rcsPassword = Files.writeString(folder.resolve("rcs.txt"), Serving.PASSWORD + "\n");
    Serving.addUsers(data);
    ok(
        "keystore",
        "import",
        "--keystore",
        data.resolve("keystore.p12"),
        "--keystore-password-file",
        password,
        "--alias",
        "calls",
        "--key",
        FIRST.keyPath(),
        "--cert",
        FIRST.certificatePath());
    ok("profile", "create", "recording", "--mime-type", "audio/mp3", "--data", data);
    ok("profile", "deploy", "recording", FIRST.certificatePath(), "--data", data);
    ok("screen-certificate", "assign", FIRST.certificatePath(), "--data", data);
    ok("record", "--data", data, "--call", CALL, "--screen", SCREEN, "--agent", "agent-1042");

    try (Serving serving = Serving.start(data, Map.of(), "--keystore-password-file", password)) {
      Run refused = muxBy(serving, "player", password);
      assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(ExitCode.FAILED.number());
      assertThat(refused.messages()).contains("401").doesNotContain("correct horse");

      Run run = muxBy(serving, "player", rcsPassword);

      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(run.json().path("muxed").asInt()).as(run.toString()).isEqualTo(1);
    }
    Path played = folder.resolve("played.mp4");
    Path recordings = data.resolve("recordings");
    Path stored = recordings.resolve(
        muxedFile(recordings).path("mediaDescriptor").path("path").asString());
    ok("decrypt", "--key", FIRST.keyPath(), stored, "-o", played);
    assertThat(Files.size(played)).isGreaterThan(Files.size(SCREEN));
    if (Ffmpeg.isPresent()) {
      Ffmpeg.decode(played);
    }
  }

  private Run muxBy(Serving serving, String user, Path password) throws IOException {
    return Run.of(
        "mux",
        "--json",
        "--data",
        folder.resolve("data"),
        "--rcs",
        serving.uri() + "/rcs",
        "--rcs-user",
        user,
        "--rcs-password-file",
        password);
  }

  private static void ok(Object... arguments) {
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  /** The muxed file that there is. */
  private static JsonNode muxedFile(Path store) {
    for (JsonNode recording :
        Run.of("recordings", "list", "--json", "--store", store).json().get("recordings")) {
      if (recording.path("mediaFiles").size() > 1) {
        return recording.path("mediaFiles").get(1);
      }
    }
    throw new AssertionError("no recording has a muxed file");
  }

  private int muxedFiles() {
    int muxed = 0;
    for (JsonNode recording :
        Run.of("recordings", "list", "--json", "--store", store()).json().get("recordings")) {
      muxed += recording.path("mediaFiles").size() - 1;
    }
    return muxed;
  }
}
