package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills {@code serve} at random points while recordings are inserted and played: each that it acknowledged is there after
 * a restart, and plays. 5 times; {@code -Dtapeseal.kills=25} for more.
 */
class ServeKillTest {
  private static final int INSERTERS = 2;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // prepare sets it, and those below
  private Path data;

  @SuppressWarnings("NullAway.Init")
  private Path template;

  @SuppressWarnings("NullAway.Init")
  private Recording described;

  private byte[] media = new byte[0];
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<String> acknowledged = new CopyOnWriteArrayList<>();

  /** A recording that is encrypted already: what is inserted is copies of it. */
  @BeforeEach
  void prepare() throws Exception {
    data = folder.resolve("data");
    Serving.addUsers(data);
    Files.writeString(data.resolve("keystore-password.txt"), "correct horse\n");
    assertThat(Run.of(
                "keystore",
                "import",
                "--keystore",
                data.resolve("keystore.p12"),
                "--keystore-password-file",
                data.resolve("keystore-password.txt"),
                "--alias",
                "calls",
                "--key",
                FIRST.keyPath(),
                "--cert",
                FIRST.certificatePath())
            .exitCode())
        .isZero();
    Path call = Samples.path("media/call.mp3");
    media = Files.readAllBytes(call);
    Path store = folder.resolve("template");
    assertThat(Run.of("record", "--store", store, "--call", call, "--cert", FIRST.certificatePath())
            .exitCode())
        .isZero();
    try (RecordingStore recordings = RecordingStore.open(store)) {
      described = recordings.query(RecordingQuery.ALL).recordings().get(0);
    }
    Path stored =
        store.resolve(String.valueOf(described.mediaFiles().get(0).descriptor().get("path")));
    template = Objects.requireNonNull(stored.getParent());
  }

  @Test
  void killedServer_hasEveryRecordingThatItAcknowledged_afterTheNextStart() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 5);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    for (int round = 0; round < kills; round++) {
      int before = acknowledged.size();

      loadUntilKilled(random.nextInt(50, 800));

      assertThat(acknowledged).as("round " + round + " of seed " + seed).hasSizeGreaterThan(before);
    }
    Process process = serve();
    try {
      URI uri = uri(process);
      for (String id : acknowledged) {
        assertPlays(uri, id, seed);
      }
    } finally {
      kill(process);
    }
    System.out.println(kills + " kills, " + acknowledged.size() + " recordings acknowledged");
  }

  private void assertPlays(URI uri, String id, long seed) throws Exception {
    HttpResponse<byte[]> played = client.send(
        Serving.request(uri, "player", Serving.PASSWORD, playPath(id)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    assertThat(played.statusCode()).as(id + ", seed " + seed).isEqualTo(200);
    assertThat(played.body()).as(id + ", seed " + seed).isEqualTo(media);
  }

  private String playPath(String id) {
    return "/api/v2/recordings/" + id + "/play/" + described.mediaFiles().get(0).mediaId();
  }

  /** Inserts and plays until so long after the first acknowledgement of this process. */
  private void loadUntilKilled(long millis) throws Exception {
    Process process = serve();
    List<Thread> clients = new ArrayList<>();
    try {
      URI uri = uri(process);
      int before = acknowledged.size();
      for (int i = 0; i < INSERTERS; i++) {
        clients.add(new Thread(() -> insertUntilRefused(uri), "inserter"));
      }
      clients.add(new Thread(() -> playUntilRefused(uri), "player"));
      clients.forEach(Thread::start);
      while (acknowledged.size() == before && process.isAlive()) {
        Thread.sleep(5);
      }
      Thread.sleep(millis);
    } finally {
      kill(process);
      for (Thread thread : clients) {
        thread.join();
      }
    }
  }

  private void insertUntilRefused(URI uri) {
    try {
      while (true) {
        String id = "killed-" + numbers.incrementAndGet();
        copyMedia(id);
        String copy = new String(described.toJson(), StandardCharsets.UTF_8)
            .replaceFirst("\"id\"\\s*:\\s*\"[^\"]+\"", "\"id\":\"" + id + "\"");
        HttpResponse<String> answer = client.send(
            Serving.request(
                    uri,
                    "ops",
                    Serving.PASSWORD,
                    "/internal-api/contact-centers/" + described.tenant().contactCenterId()
                        + "/recordings")
                .POST(HttpRequest.BodyPublishers.ofString(copy))
                .build(),
            HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
          throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        acknowledged.add(id);
      }
    } catch (IOException killed) {
      // as was to be
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void playUntilRefused(URI uri) {
    try {
      while (true) {
        int known = acknowledged.size();
        if (known == 0) {
          Thread.sleep(5);
          continue;
        }
        client.send(
            Serving.request(uri, "player", Serving.PASSWORD, playPath(acknowledged.get(known - 1)))
                .build(),
            HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException killed) {
      // as was to be
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a storage holds before metadata are posted. */
  private void copyMedia(String id) throws IOException {
    Path recordings = data.resolve("recordings");
    Path day = folder.resolve("template").relativize(template).getParent();
    Path target =
        Files.createDirectories(recordings.resolve(String.valueOf(day)).resolve(id));
    try (Stream<Path> files = Files.list(template)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("recording.json")) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
  }

  private Process serve() throws IOException {
    Files.deleteIfExists(folder.resolve("port"));
    return new ProcessBuilder(
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
            "--port-file",
            folder.resolve("port").toString())
        .redirectError(folder.resolve("messages.txt").toFile())
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }

  private URI uri(Process process) throws Exception {
    while (Files.notExists(folder.resolve("port"))) {
      assertThat(process.isAlive())
          .as(Files.readString(folder.resolve("messages.txt")))
          .isTrue();
      Thread.sleep(20);
    }
    return URI.create(
        "http://127.0.0.1:" + Files.readString(folder.resolve("port")).strip());
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }
}
