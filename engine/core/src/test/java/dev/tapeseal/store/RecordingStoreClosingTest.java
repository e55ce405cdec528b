package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.files;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.media;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static dev.tapeseal.store.StoreSamples.metadata;
import static dev.tapeseal.store.StoreSamples.read;
import static dev.tapeseal.store.StoreSamples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that is closed while others use it. */
class RecordingStoreClosingTest {
  private static final RecordingId FIRST = id(1);

  @TempDir
  Path folder;

  enum Closed {
    STORE,
    PENDING_RECORDING
  }

  @ParameterizedTest
  @EnumSource(Closed.class)
  @Timeout(60)
  void closeDuringACommit_waits_andTheRecordingIsWhole(Closed closed) throws Exception {
    AtomicReference<@Nullable Callable<Boolean>> closing = new AtomicReference<>();
    List<FutureTask<Boolean>> begun = new ArrayList<>();
    DiskSteps steps = (step, path) -> {
      @Nullable Callable<Boolean> close = closing.get();
      if (close != null && step == Step.LINK && path.endsWith(MediaStorage.METADATA)) {
        closing.set(null);
        FutureTask<Boolean> task = new FutureTask<>(close);
        begun.add(task);
        Thread thread = new Thread(task, "closing");
        thread.start();
        while (thread.getState() != Thread.State.BLOCKED && thread.isAlive()) {
          Thread.onSpinWait();
        }
      }
    };
    RecordingStore store = RecordingStore.open(folder, steps);
    PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED);
    write(pending.create(mediaId(FIRST), MediaSuffix.CONTENT), media(FIRST));
    closing.set(() -> {
      if (closed == Closed.STORE) {
        store.close();
      } else {
        pending.close();
      }
      return true;
    });

    pending.commit(metadata(FIRST).build());

    begun.get(0).get(30, TimeUnit.SECONDS);
    store.close();
    try (RecordingStore again = RecordingStore.open(folder)) {
      assertThat(again.find(FIRST)).isPresent();
      assertThat(read(again, FIRST, mediaId(FIRST), MediaSuffix.CONTENT)).isEqualTo(media(FIRST));
    }
    assertThat(files(folder)).hasSize(2);
  }

  @Test
  void close_givesUpEveryPendingRecording_evenWhereOneCannotBe() throws IOException {
    AtomicBoolean failing = new AtomicBoolean();
    DiskSteps steps = (step, path) -> {
      if (step == Step.DELETE && failing.getAndSet(false)) {
        throw new IOException("Read-only file system");
      }
    };
    RecordingStore store = RecordingStore.open(folder, steps);
    for (int number = 1; number <= 3; number++) {
      PendingRecording pending = store.begin(Tenant.DEFAULT, id(number), STARTED);
      write(pending.create(mediaId(id(number)), MediaSuffix.CONTENT), media(id(number)));
    }
    failing.set(true);

    assertThatIOException().isThrownBy(store::close).withMessage("Read-only file system");

    assertThat(files(folder)).as("of the one that could not be given up").hasSize(1);
    RecordingStore.open(folder).close();
    assertThat(files(folder)).isEmpty();
  }
}
