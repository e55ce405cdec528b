package dev.tapeseal.platform;

import dev.tapeseal.http.Health;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** What must hold before requests are sent here. Any thread. */
final class Readiness {
  private static final String PROBE = ".ready.part";

  private final RecordingKeyStore keys;
  private final RecordingStore store;
  private final Path recordings;
  private volatile boolean tested;
  private volatile boolean draining;

  Readiness(RecordingKeyStore keys, RecordingStore store, Path recordings) {
    this.keys = keys;
    this.store = store;
    this.recordings = recordings;
  }

  /** The self-test has passed, which warmed the ciphers up. */
  void tested() {
    tested = true;
  }

  void draining() {
    draining = true;
  }

  Health health() {
    return new Health()
        .started("self-test", this::selfTest)
        .live("process", Optional::empty)
        .ready("self-test", this::selfTest)
        .ready("key-store", () -> {
          keys.refresh();
          return Optional.empty();
        })
        .ready("storage", this::storage)
        .ready("catalog", () -> {
          store.query(RecordingQuery.ALL.withLimit(1));
          return Optional.empty();
        })
        .ready("running", () -> draining ? Optional.of("It is shutting down.") : Optional.empty());
  }

  private Optional<String> selfTest() {
    return tested
        ? Optional.empty()
        : Optional.of("The ciphers are being warmed up, and tested by that.");
  }

  /** A file of one byte, written through to the disk and removed. */
  private Optional<String> storage() throws IOException {
    Path probe = recordings.resolve(PROBE);
    try (FileChannel file = FileChannel.open(
        probe,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE))) {
      if (file.write(ByteBuffer.allocate(1)) != 1) {
        return Optional.of("The storage takes nothing.");
      }
      file.force(true);
    } finally {
      Files.deleteIfExists(probe);
    }
    return Optional.empty();
  }
}
