package dev.tapeseal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.NginxServer;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.RangeOracle;
import dev.tapeseal.http.RangeOracle.Side;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Encrypted recordings behind RCS and behind the proxy against nginx, which serves their plaintext. Some hundred requests
 * each; 5,000 by {@code -Dtapeseal.long=true}.
 */
class PlaybackOracleTest {
  private static final int REQUESTS = Boolean.getBoolean("tapeseal.long") ? 5_000 : 100;

  @TempDir
  private Path folder;

  private Recording record(Platform platform, Path file) throws Exception {
    List<RecordingCertificate> certificates =
        List.of(RecordingCertificate.read(SampleCertificates.FIRST.certificatePath()));
    Recorder recorder = Recorder.into(platform.recordings())
        .withClocks(Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)), System::nanoTime);
    Interaction interaction = Interaction.anonymous(new SecureRandom());
    Frame frame = new Frame();
    try (MediaSource source = MediaSource.open(file)) {
      if (source.audioFormat().isEmpty()) {
        try (ScreenSession screen = recorder.startScreen(interaction, certificates)) {
          while (source.next(frame)) {
            screen.write(frame.bytes());
          }
          return screen.stop(Duration.ofSeconds(10));
        }
      }
      try (CallSession call =
          recorder.startCall(interaction, certificates, source.audioFormat().orElseThrow())) {
        while (source.next(frame)) {
          call.write(frame.bytes());
        }
        return call.stop();
      }
    }
  }

  private static String basic() {
    return "Basic "
        + Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] whole(URI uri) throws Exception {
    HttpResponse<byte[]> answer = HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("Authorization", basic()).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private Platform start() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    UsersFile.open(data.resolve("users")).put(new User("alice", hash, Set.of("decrypt")));
    Platform platform = Platform.start(PlatformSettings.inFolder(data));
    try (KeyMaterial material = KeyMaterial.read(
        SampleCertificates.FIRST.keyPath(),
        SampleCertificates.FIRST.certificatePath(),
        null,
        null)) {
      platform.keys().importKey("calls", material, KeyLimits.NONE);
      return platform;
    } catch (IOException | RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"call.wav", "call.mp3", "screen.mp4"})
  void recording_isAnsweredAsNginxAnswersItsPlaintext_byRcsAndByTheProxy(String name)
      throws Exception {
    try (Platform platform = start()) {
      Recording recording = record(platform, Samples.path("media/" + name));
      MediaFile media = recording.mediaFiles().get(0);
      String path =
          recording.kind().collection() + "/" + recording.id() + "/play/" + media.mediaId();
      String rcs = "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId() + "/" + path;
      byte[] plaintext = whole(platform.uri().resolve(rcs));
      Instant modified = Objects.requireNonNull(media.stopped()).truncatedTo(ChronoUnit.SECONDS);
      Path served = Files.write(folder.resolve(name), plaintext);
      Files.setLastModifiedTime(served, FileTime.from(modified));
      String ending = name.substring(name.indexOf('.') + 1);

      try (NginxServer nginx = NginxServer.start(folder, Map.of(ending, media.type()))) {
        for (String ours : List.of(rcs, "/api/v2/" + path)) {
          long seed = new Random().nextLong();
          String authorization = "Authorization: " + basic() + "\r\n";
          Map<RangeOracle.Difference, Integer> differences = new RangeOracle(
                  new Side(platform.uri().getPort(), ours, authorization),
                  new Side(nginx.port(), "/" + name, ""),
                  plaintext.length,
                  modified)
              .compare(REQUESTS, seed);
          System.out.println(
              ours + ": " + REQUESTS + " requests, seed " + seed + "; differences " + differences);
        }
      }
    }
  }
}
