package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.all;
import static dev.tapeseal.store.StoreSamples.files;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mac;
import static dev.tapeseal.store.StoreSamples.media;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static dev.tapeseal.store.StoreSamples.read;
import static dev.tapeseal.store.StoreSamples.record;
import static dev.tapeseal.store.StoreSamples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads and processes that use one store at a time. */
class RecordingStoreSharingTest {

  @TempDir
  Path root;

  @Test
  void threadsOfTwoStores_loseNothing() throws Exception {
    int threads = 4;
    int each = 10;
    int all = threads * each;
    try (RecordingStore first = RecordingStore.open(root);
        RecordingStore second = RecordingStore.open(root)) {
      inParallel(threads, thread -> {
        RecordingStore store = thread % 2 == 0 ? first : second;
        for (int i = 0; i < each; i++) {
          RecordingId id = id(thread * each + i);
          record(store, id);
          store.update(
              id, recording -> recording.toBuilder().callerNumber("1" + thread).build());
        }
      });

      assertThat(all(first)).hasSize(all);
      assertThat(first.count(RecordingQuery.ALL.withCaller("1*"))).isEqualTo(all);
    }
    assertThat(files(root)).hasSize(3 * all);
  }

  @Test
  void mediaThatManyAddToOneRecording_allJoinIt() throws Exception {
    int threads = 8;
    try (RecordingStore first = RecordingStore.open(root);
        RecordingStore second = RecordingStore.open(root)) {
      record(first, id(1));
      inParallel(threads, thread -> {
        RecordingStore store = thread % 2 == 0 ? first : second;
        MediaId added = new MediaId("added-" + thread + ".mp4");
        try (PendingMedia pending = store.addMedia(id(1))) {
          write(pending.create(added, MediaSuffix.CONTENT), mac(id(thread)));
          pending.commit(MediaFile.builder(added, "video/mp4").build());
        }
      });

      assertThat(second.find(id(1)).orElseThrow().mediaFiles()).hasSize(1 + threads);
      assertThat(all(first)).isEqualTo(List.of(second.find(id(1)).orElseThrow()));
    }
    assertThat(files(root)).hasSize(3 + threads);
  }

  @Test
  @Timeout(60)
  void deletedMedia_areRemovedWhileOthersWrite() throws Exception {
    List<RecordingId> written = new ArrayList<>();
    RecordingStore[] writing = new RecordingStore[1];
    DiskSteps steps = (step, path) -> {
      if (step == Step.DELETE && path.getFileName().toString().startsWith(".recording-1.")) {
        record(writing[0], id(2)); // which waits for ever where the deletion keeps others out
        written.add(id(2));
      }
    };
    try (RecordingStore store = RecordingStore.open(root, steps);
        RecordingStore other = RecordingStore.open(root)) {
      writing[0] = other;
      record(store, id(1));

      store.delete(id(1));

      assertThat(written).containsExactly(id(2));
      assertThat(all(store)).extracting(Recording::id).containsExactly(id(2));
    }
    assertThat(files(root)).hasSize(3);
    assertThat(root.resolve(LiveWriter.FOLDER)).isEmptyDirectory();
  }

  @Test
  void deletionThatFails_leavesTheRecording_andNothingToSweep() throws Exception {
    DiskSteps steps = (step, path) -> {
      if (step == Step.RENAME) {
        throw new IOException("Device or resource busy");
      }
    };
    try (RecordingStore store = RecordingStore.open(root, steps)) {
      Recording stored = record(store, id(1));

      assertThatIOException().isThrownBy(() -> store.delete(id(1)));

      assertThat(store.find(id(1))).contains(stored);
      assertThat(all(store)).containsExactly(stored);
    }
    assertThat(root.resolve(LiveWriter.FOLDER)).isEmptyDirectory();
  }

  @Test
  void ofThoseWhoTakeOneId_oneSucceeds() throws Exception {
    int threads = 8;
    List<Integer> winners = Collections.synchronizedList(new ArrayList<>());
    try (RecordingStore first = RecordingStore.open(root);
        RecordingStore second = RecordingStore.open(root)) {
      inParallel(threads, thread -> {
        RecordingStore store = thread % 2 == 0 ? first : second;
        try {
          // each on a day of its own: no file name of one is in another's way
          record(
              store,
              id(1),
              STARTED.plusSeconds(86_400L * thread),
              StoreSamples.metadata(id(1)).build());
          winners.add(thread);
        } catch (FileAlreadyExistsException e) {
          assertThat(e).hasMessageContaining("recording-1");
        }
      });

      assertThat(winners).hasSize(1);
      assertThat(read(first, id(1), mediaId(id(1)), MediaSuffix.CONTENT)).isEqualTo(media(id(1)));
    }
    assertThat(files(root)).hasSize(3);
  }

  @Test
  void manyWhoOpenANewStoreAtOnce_allDo() throws Exception {
    for (int round = 0; round < 15; round++) {
      Path fresh = root.resolve("parent-" + round).resolve("store");
      inParallel(4, thread -> {
        try (RecordingStore store = RecordingStore.open(fresh)) {
          record(store, id(thread));
        }
      });
      try (RecordingStore store = RecordingStore.open(fresh)) {
        assertThat(all(store)).hasSize(4);
      }
      assertThat(files(fresh)).hasSize(12);
    }
  }

  private interface Work {
    void of(int thread) throws IOException;
  }

  private static void inParallel(int threads, Work work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(() -> {
          work.of(thread);
          return null;
        });
      }
      for (Future<Void> done : executor.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      executor.shutdownNow();
      assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void processesThatAreKilled_neitherLoseWhatTheyAcknowledged_norDisturbTheOthers()
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<RecordingId> acknowledged = new HashSet<>();
    Path root = this.root.resolve("store");
    Path errors = this.root.resolve("errors.txt");
    Process other = StoreChild.start(root, 100_000, 60, errors);
    try (BufferedReader otherSays = other.inputReader()) {
      for (int round = 0; round < 6; round++) {
        Process victim = StoreChild.start(root, 1000 * (round + 1), 1000, errors);
        try (BufferedReader says = victim.inputReader()) {
          String first = says.readLine();
          assertThat(first)
              .as(
                  "the first recording of round %d, seed %d: %s",
                  round, seed, Files.exists(errors) ? Files.readString(errors) : "")
              .isNotNull();
          acknowledged.add(id(Integer.parseInt(first)));
          Thread.sleep(random.nextInt(200));
          victim.toHandle().destroyForcibly(); // Process's own would close what it said
          victim.waitFor();
          says.lines().map(line -> id(Integer.parseInt(line))).forEach(acknowledged::add);
        }
        try (RecordingStore store = RecordingStore.open(root)) {
          assertThat(all(store))
              .as("seed %d", seed)
              .extracting(Recording::id)
              .containsAll(acknowledged);
        }
      }
      List<String> lines = otherSays.lines().toList();
      assertThat(lines)
          .as("seed %d: %s", seed, Files.readString(errors))
          .hasSize(61)
          .last()
          .isEqualTo("done");
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (RecordingStore store = RecordingStore.open(root)) {
      List<Recording> visible = all(store);
      for (Recording recording : visible) {
        RecordingId id = recording.id();
        assertThat(read(store, id, mediaId(id), MediaSuffix.CONTENT)).isEqualTo(media(id));
        assertThat(read(store, id, mediaId(id), MediaSuffix.MAC)).isEqualTo(mac(id));
        assertThat(recording.mediaFiles().get(0).sizeBytes()).isEqualTo(media(id).length);
      }
      assertThat(visible).hasSizeGreaterThanOrEqualTo(acknowledged.size() + 60);
      assertThat(files(root)).as("seed %d", seed).hasSize(3 * visible.size());
    }
  }
}
