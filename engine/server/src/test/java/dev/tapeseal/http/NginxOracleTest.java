package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.http.RangeOracle.Difference;
import dev.tapeseal.http.RangeOracle.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP layer by itself against nginx: every difference is met. */
class NginxOracleTest {
  private static final int REQUESTS = 5_000;
  private static final int LENGTH = 70_001;
  private static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir
  Path folder;

  @Test
  void answers_areThoseOfNginx_butForTheListedDifferences() throws Exception {
    Path file = Files.write(folder.resolve("call.wav"), Content.bytes(0, LENGTH));
    Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    Router router = Router.of(Route.get("/call.wav")
        .handledBy(request -> Response.content(new Representation(
            new Content(LENGTH),
            LENGTH,
            Optional.of("\"ours\""),
            Optional.of(MODIFIED),
            "audio/wav"))));
    try (NginxServer nginx = NginxServer.start(folder, Map.of("wav", "audio/wav"));
        HttpServer server = HttpServer.builder(router).start()) {
      long seed = new Random().nextLong();

      Map<Difference, Integer> differences = new RangeOracle(
              new Side(server.port(), "/call.wav", ""),
              new Side(nginx.port(), "/call.wav", ""),
              LENGTH,
              MODIFIED)
          .compare(REQUESTS, seed);

      System.out.println(REQUESTS + " requests, seed " + seed + "; differences " + differences);
      assertThat(differences.keySet()).as("seed %s", seed).containsExactly(Difference.values());
    }
  }
}
