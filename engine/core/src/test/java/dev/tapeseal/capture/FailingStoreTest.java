package dev.tapeseal.capture;

import static dev.tapeseal.capture.StoredMedia.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.WatchedDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that fails in the middle of a recording: the session only closes, and nothing is half there. */
class FailingStoreTest {
  private static final String FULL = "No space left on device";
  private static final int FRAMES = 110;

  private final AtomicLong nanos = new AtomicLong();
  private final Interaction interaction = Interaction.anonymous(new SecureRandom());

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Recorder recorder(RecordingStore store) {
    return Recorder.into(store).withClocks(Clock.systemUTC(), nanos::get);
  }

  /** What both kinds of sessions have. */
  private interface Session extends Closeable {
    void write(ByteBuffer piece) throws IOException;

    Recording stop() throws IOException;
  }

  private Session start(RecordingStore store, String kind, boolean encrypted) throws Exception {
    if (kind.equals("screen")) {
      ScreenSession screen = recorder(store).startScreen(interaction, certificates(encrypted));
      return new Session() {
        @Override
        public void write(ByteBuffer piece) throws IOException {
          screen.write(piece);
        }

        @Override
        public Recording stop() throws IOException {
          return screen.stop(Duration.ofSeconds(2));
        }

        @Override
        public void close() throws IOException {
          screen.close();
        }
      };
    }
    CallSession call =
        recorder(store).startCall(interaction, certificates(encrypted), AudioFormat.muLaw(8000, 1));
    return new Session() {
      @Override
      public void write(ByteBuffer piece) throws IOException {
        call.write(piece);
      }

      @Override
      public Recording stop() throws IOException {
        return call.stop();
      }

      @Override
      public void close() throws IOException {
        call.close();
      }
    };
  }

  /** Two seconds; each has a write or more. */
  private Recording record(Session session) throws IOException {
    for (int i = 0; i < FRAMES; i++) {
      nanos.addAndGet(Duration.ofMillis(20).toNanos());
      session.write(ByteBuffer.allocate(160));
    }
    return session.stop();
  }

  @ParameterizedTest(name = "{0}, encrypted: {1}")
  @CsvSource({"call, true", "screen, false"})
  void diskThatFailsAtAnyChange_leavesAWholeRecording_orNothing(String kind, boolean encrypted)
      throws Exception {
    int failures = 0;
    for (int failing = 0; ; failing++) {
      Path root = folder.resolve("failure-" + failing);
      StoredMedia stored = new StoredMedia(root);
      int[] left = {Integer.MAX_VALUE};
      Recording recording = null;
      try (RecordingStore store = WatchedDisk.openStore(root, (change, path) -> {
        if (left[0]-- == 0) {
          throw new IOException(FULL);
        }
      })) {
        left[0] = failing;
        try (Session session = start(store, kind, encrypted)) {
          recording = record(session);
        } catch (IOException e) {
          assertThat(e).as("failure of change %d", failing).hasStackTraceContaining(FULL);
        }
        boolean failed = left[0] < 0;
        left[0] = Integer.MAX_VALUE;
        if (!failed) {
          assertThat(recording).isNotNull();
          break;
        }
        failures++;
        assertWholeOrNothing(store, stored, recording);
      }
      try (RecordingStore again = RecordingStore.open(root)) {
        assertWholeOrNothing(again, stored, recording);
        assertThat(stored.partFiles()).isEmpty();
        if (recording == null) {
          assertThat(stored.files()).isEmpty();
          if (failing % 5 == 0) { // it takes its time
            try (Session session = start(again, kind, encrypted)) {
              assertThat(stored.play(record(session))).hasSizeGreaterThanOrEqualTo(FRAMES * 160);
            }
          }
        }
      }
    }
    assertThat(failures).isGreaterThan(15);
  }

  private static void assertWholeOrNothing(
      RecordingStore store, StoredMedia stored, @Nullable Recording recording) throws Exception {
    if (recording == null) {
      assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
      return;
    }
    assertThat(store.query(RecordingQuery.ALL).recordings()).containsExactly(recording);
    assertThat(stored.play(recording)).hasSizeGreaterThanOrEqualTo(FRAMES * 160);
  }

  @ParameterizedTest(name = "{0}, encrypted: {1}")
  @CsvSource({"call, true", "call, false", "screen, true", "screen, false"})
  void sessionWhoseWriteFailed_onlyCloses_evenWhereTheDiskHasRoomAgain(
      String kind, boolean encrypted) throws Exception {
    boolean[] full = {false};
    StoredMedia stored = new StoredMedia(folder);
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
      if (full[0] && change.equals("WRITE")) {
        throw new IOException(FULL);
      }
    })) {
      try (Session session = start(store, kind, encrypted)) {
        session.write(ByteBuffer.allocate(160));
        full[0] = true;
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThatThrownBy(() -> session.write(ByteBuffer.allocate(160)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(FULL);
        full[0] = false;

        assertThatThrownBy(() -> session.write(ByteBuffer.allocate(160)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a write failed before, it can only be closed");
        assertThatThrownBy(session::stop)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a write failed before, it can only be closed");
      }

      assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
      assertThat(stored.files()).isEmpty();
    }
  }

  @Test
  void pauseThatFails_endsTheCall() throws Exception {
    boolean[] full = {false};
    StoredMedia stored = new StoredMedia(folder);
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
      if (full[0] && change.equals("WRITE")) {
        throw new IOException(FULL);
      }
    })) {
      try (CallSession call =
          recorder(store).startCall(interaction, certificates(true), AudioFormat.muLaw(8000, 1))) {
        call.write(ByteBuffer.allocate(160));
        full[0] = true;
        assertThatThrownBy(call::pause).hasMessageContaining(FULL);
        full[0] = false;

        assertThatThrownBy(call::resume)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a write failed before, it can only be closed");
      }
      assertThat(stored.files()).isEmpty();
    }
  }

  /** In front of the change that makes metadata visible, media and .mac lie under their names, whole. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"call", "screen"})
  void metadata_appearOnlyWhenTheMediaAreStored(String kind) throws Exception {
    StoredMedia stored = new StoredMedia(folder);
    List<String> published = new ArrayList<>();
    Map<Path, byte[]> lying = new HashMap<>();
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
          if (change.equals("LINK")) {
            published.add(suffix(path));
          }
          if (change.equals("LINK") && path.endsWith("recording.json")) {
            for (Path file : stored.files()) {
              lying.put(file, Files.readAllBytes(file));
            }
          }
        });
        Session session = start(store, kind, true)) {
      Recording recording = record(session);

      assertThat(published).containsExactly(kind.equals("call") ? "wav" : "mp4", "mac", "json");
      Path media = stored.file(recording);
      Path mac = media.resolveSibling(media.getFileName() + ".mac");
      assertThat(lying).containsEntry(media, Files.readAllBytes(media));
      assertThat(lying).containsEntry(mac, Files.readAllBytes(mac));
      assertThat(lying).doesNotContainKey(media.resolveSibling("recording.json"));
      assertThat(stored.play(recording)).hasSizeGreaterThanOrEqualTo(FRAMES * 160);
    }
  }

  private static String suffix(Path path) {
    return path.toString().substring(path.toString().lastIndexOf('.') + 1);
  }
}
