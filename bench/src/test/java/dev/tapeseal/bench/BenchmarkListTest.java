package dev.tapeseal.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** JMH runs what its annotation processor has listed; one that does not run leaves no list, and no error. */
class BenchmarkListTest {

  @Test
  void everyBenchmark_isListed() throws IOException {
    try (InputStream list = getClass().getResourceAsStream("/META-INF/BenchmarkList")) {
      assertThat(list).as("META-INF/BenchmarkList").isNotNull();
      assertThat(new String(list.readAllBytes(), UTF_8))
          .contains(RecordingWriterBenchmark.class.getName())
          .contains("writeFrame");
    }
  }
}
