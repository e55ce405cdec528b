package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.samples.WebDavServer;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code record --data} under a profile that stores elsewhere, as a shell has it. */
class DeliveryTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Run record(Path data) {
    return Run.of(
        "record", "--data", data, "--call", Samples.path("media/call.mp3"), "--caller", "8522001");
  }

  @Test
  void call_isDeliveredToItsStorage_andKeptAndTriedAgainWhereThatIsDown() throws Exception {
    assumeTrue(WebDavServer.isInstalled(), "no httpd: Debian package apache2-bin");
    Path data = folder.resolve("data");
    Path authorization =
        Files.writeString(folder.resolve("webdav.txt"), WebDavServer.AUTHORIZATION + "\n");
    WebDavServer webDav = WebDavServer.start(Files.createDirectory(folder.resolve("httpd")));
    try {
      Run created = Run.of(
          "profile",
          "create",
          "default",
          "--data",
          data,
          "--mime-type",
          "audio/mp3",
          "--storage-destination",
          webDav.uri(),
          "--storage-authorization-file",
          authorization);
      assertThat(created.exitCode()).as(created.messages()).isZero();
      Run deployed = Run.of(
          "profile",
          "deploy",
          "default",
          SampleCertificates.FIRST.certificatePath(),
          "--data",
          data);
      assertThat(deployed.exitCode()).as(deployed.messages()).isZero();

      Run first = record(data);
      webDav.stop();
      Run second = record(data);
      webDav.startAgain();
      Run third = record(data);

      assertThat(List.of(first.exitCode(), second.exitCode(), third.exitCode()))
          .as(first.messages() + second.messages() + third.messages())
          .containsExactly(0, 6, 0);
      assertThat(second.messages()).contains("is recorded and waits for its delivery: http://");
      assertThat(third.messages()).contains("delivered that had waited: 1");
      try (RecordingStore archive = RecordingStore.open(webDav.root());
          RecordingStore here = RecordingStore.open(data.resolve("recordings"));
          RecordingStore waiting = RecordingStore.open(data.resolve("undelivered"))) {
        assertThat(archive.count(RecordingQuery.ALL.withCaller("8522001"))).isEqualTo(3);
        assertThat(here.count(RecordingQuery.ALL)).isZero();
        assertThat(waiting.count(RecordingQuery.ALL)).isZero();
      }
    } finally {
      webDav.stop();
    }
  }
}
