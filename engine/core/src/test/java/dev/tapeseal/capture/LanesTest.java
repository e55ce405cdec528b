package dev.tapeseal.capture;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.Allocation;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import dev.tapeseal.store.WatchedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many recordings on few threads: whole, in order, and none at another's expense. It is long because each way in which
 * one could harm another is a test.
 */
class LanesTest {
  private static final AudioFormat AUDIO = AudioFormat.muLaw(8000, 1);
  private static final int FRAME_BYTES = 160;
  private static final int WAV_HEADER_BYTES = 58;

  @TempDir
  private Path folder;

  private List<RecordingCertificate> certificates = List.of();

  @BeforeEach
  void readCertificate() throws Exception {
    certificates = List.of(RecordingCertificate.of(FIRST.certificate()));
  }

  private CallSession start(RecordingStore store, String id, RecordingFormat format)
      throws Exception {
    return Recorder.into(store)
        .withFormat(format)
        .startCall(Interaction.of(Tenant.DEFAULT, id), certificates, AUDIO);
  }

  private static LaneOptions small(int lanes) {
    return LaneOptions.of(lanes).withRingBytes(256 * 1024);
  }

  private static ByteBuffer frame(int session, int number) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    while (frame.hasRemaining()) {
      frame.putInt(session).putInt(number);
    }
    return frame.flip();
  }

  /** As a caller does that may wait; one that may not drops the frame. */
  private static void offer(LaneCall call, ByteBuffer frame) throws InterruptedException {
    while (!call.offer(frame.rewind())) {
      assertThat(call.failure()).isNull();
      Thread.sleep(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void framesOfManyCalls_areRecordedEachInItsOrder(RecordingFormat format) throws Exception {
    int calls = 12;
    int frames = 600; // more than a piece
    try (RecordingStore store = RecordingStore.open(folder);
        CaptureLanes lanes = CaptureLanes.start(small(2))) {
      List<LaneCall> onLanes = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        onLanes.add(lanes.add(start(store, "call-" + i, format)));
      }
      for (int number = 0; number < frames; number++) {
        for (int i = 0; i < calls; i++) {
          offer(onLanes.get(i), frame(i, number));
        }
      }
      List<CompletableFuture<Recording>> stored =
          onLanes.stream().map(LaneCall::stop).toList();

      for (int i = 0; i < calls; i++) {
        Recording recording = stored.get(i).get(60, TimeUnit.SECONDS);
        ByteBuffer media = ByteBuffer.wrap(new StoredMedia(folder).play(recording));
        assertThat(media.remaining()).isEqualTo(WAV_HEADER_BYTES + frames * FRAME_BYTES);
        for (int number = 0; number < frames; number++) {
          byte[] played = new byte[FRAME_BYTES];
          media.get(WAV_HEADER_BYTES + number * FRAME_BYTES, played);
          assertThat(played).isEqualTo(frame(i, number).array());
        }
      }
      assertThat(lanes.counts().failed()).isZero();
    }
  }

  @Test
  void fullLane_saysSo_countsWhatItDropped_andLosesNothingElse() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    boolean[] slow = {false};
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
          if (slow[0] && change.equals("WRITE")) {
            await(release);
          }
        });
        CaptureLanes lanes = CaptureLanes.start(small(1))) {
      LaneCall call = lanes.add(start(store, "call", RecordingFormat.SEALED));
      slow[0] = true;
      int taken = 0;
      while (call.offer(
          frame(0, taken))) { // until the store holds up the lane, and the lane is full
        taken++;
      }
      assertThat(call.dropped()).isEqualTo(1);
      assertThat(lanes.counts().dropped()).isEqualTo(1);

      release.countDown();
      Recording recording = call.stop().get(60, TimeUnit.SECONDS);

      byte[] media = new StoredMedia(folder).play(recording);
      assertThat(media).hasSize(WAV_HEADER_BYTES + taken * FRAME_BYTES);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IOException("nobody released the disk");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void slowStore_slowsItsOwnSessionsOnly() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    boolean[] slow = {false};
    try (RecordingStore stuck = WatchedDisk.openStore(folder.resolve("stuck"), (change, path) -> {
          if (slow[0]) {
            entered.countDown();
            await(release);
          }
        });
        RecordingStore quick = RecordingStore.open(folder.resolve("quick"));
        CaptureLanes lanes = CaptureLanes.start(small(1))) {
      LaneCall held = lanes.add(start(stuck, "held", RecordingFormat.PKCS7));
      LaneCall free = lanes.add(start(quick, "free", RecordingFormat.PKCS7));
      slow[0] = true;
      while (entered.getCount() > 0) {
        held.offer(frame(0, 0));
        Thread.sleep(1);
      }
      while (held.offer(frame(0, 0))) {
        // until the lane, which waits for its store, is full
      }
      for (int number = 0; number < 1000; number++) {
        offer(free, frame(1, number));
      }

      assertThat(free.stop().get(60, TimeUnit.SECONDS).id().value()).isEqualTo("free");
      assertThat(held.offer(frame(0, 0))).isFalse();
      release.countDown();
      held.stop().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void pause_comesBetweenTheFramesThatItWasCalledBetween() throws Exception {
    AtomicLong nanos = new AtomicLong();
    try (RecordingStore store = RecordingStore.open(folder);
        CaptureLanes lanes = CaptureLanes.start(1)) {
      LaneCall call = lanes.add(Recorder.into(store)
          .withClocks(Clock.systemUTC(), nanos::get)
          .startCall(Interaction.of(Tenant.DEFAULT, "paused"), certificates, AUDIO));
      offer(call, frame(1, 1));
      call.pause();
      offer(call, frame(2, 2));
      call.resume();
      offer(call, frame(3, 3));

      byte[] media = new StoredMedia(folder).play(call.stop().get(60, TimeUnit.SECONDS));

      assertThat(media).hasSize(WAV_HEADER_BYTES + 2 * FRAME_BYTES);
      assertThat(Arrays.copyOfRange(media, WAV_HEADER_BYTES, WAV_HEADER_BYTES + FRAME_BYTES))
          .isEqualTo(frame(1, 1).array());
      assertThat(Arrays.copyOfRange(media, WAV_HEADER_BYTES + FRAME_BYTES, media.length))
          .isEqualTo(frame(3, 3).array());
    }
  }

  @Test
  void screenInLargeSlices_isStoredWhole() throws Exception {
    byte[] screen = Samples.bytes("media/screen.mp4");
    try (RecordingStore store = RecordingStore.open(folder);
        CaptureLanes lanes = CaptureLanes.start(small(1))) {
      LaneScreen onLane = lanes.add(Recorder.into(store)
          .startScreen(Interaction.of(Tenant.DEFAULT, "screen-call"), certificates));
      ByteBuffer slices = ByteBuffer.wrap(screen);
      int end = 0;
      while (end < screen.length) {
        end = Math.min(screen.length, end + 50_001);
        while (!onLane.offer(slices.limit(end))) {
          Thread.sleep(1);
        }
      }
      Recording recording = onLane.stop(Duration.ofSeconds(1)).get(60, TimeUnit.SECONDS);

      assertThat(new StoredMedia(folder).play(recording)).isEqualTo(screen);
      assertThatThrownBy(() -> onLane.offer(ByteBuffer.allocate(64 * 4096)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void framesThatStopComing_areHandedToTheSystem() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder);
        CaptureLanes lanes = CaptureLanes.start(1)) {
      LaneCall call = lanes.add(start(store, "silent", RecordingFormat.PKCS7));
      long before = partBytes();
      offer(call, frame(1, 1));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (partBytes() == before && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }

      assertThat(partBytes()).isGreaterThanOrEqualTo(before + FRAME_BYTES - 15);
      call.stop().get(60, TimeUnit.SECONDS);
    }
  }

  private long partBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".part")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Test
  void failedRecording_isToldAtTheStop_andTheOthersGoOn() throws Exception {
    boolean[] full = {false};
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
          if (full[0] && change.equals("WRITE") && path.toString().contains("unlucky")) {
            throw new IOException("No space left on device");
          }
        });
        CaptureLanes lanes = CaptureLanes.start(1)) {
      LaneCall unlucky = lanes.add(start(store, "unlucky", RecordingFormat.SEALED));
      LaneCall lucky = lanes.add(start(store, "lucky", RecordingFormat.SEALED));
      full[0] = true;
      for (int number = 0; number < 100; number++) {
        unlucky.offer(frame(0, number));
        offer(lucky, frame(1, number));
      }
      CompletableFuture<Recording> lost = unlucky.stop();

      assertThatThrownBy(lost::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("No space left on device");
      assertThat(unlucky.failure()).isNotNull();
      assertThat(unlucky.offer(frame(0, 0))).isFalse();
      assertThat(lucky.stop().get(60, TimeUnit.SECONDS).id().value()).isEqualTo("lucky");
      assertThat(store.find(new RecordingId("unlucky"))).isEmpty();
    }
  }

  @Test
  void frames_areTimedFromWhenTheyWereDue_ofTheLaneThatTookThem() throws Exception {
    AtomicLong timed = new AtomicLong();
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    AtomicLong most = new AtomicLong();
    FrameListener listener = (lane, sinceDueNanos, sinceOfferedNanos) -> {
      timed.incrementAndGet();
      least.accumulateAndGet(sinceDueNanos, Math::min);
      most.accumulateAndGet(sinceDueNanos - sinceOfferedNanos, Math::max);
    };
    try (RecordingStore store = RecordingStore.open(folder);
        CaptureLanes lanes = CaptureLanes.start(small(1).withListener(listener))) {
      LaneCall call = lanes.add(start(store, "timed", RecordingFormat.PKCS7));
      long dueNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(5);
      for (int number = 0; number < 10; number++) {
        assertThat(call.offer(frame(0, number), dueNanos)).isTrue();
        assertThat(call.offer(frame(0, number))).isTrue(); // not timed
      }
      call.stop().get(60, TimeUnit.SECONDS);
    }

    assertThat(timed).hasValue(10);
    assertThat(least.get()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(5));
    assertThat(most.get()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(5));
  }

  @Test
  void failureOfABatchedRecording_isItsOwn() throws Exception {
    boolean[] full = {false};
    try (RecordingStore store = WatchedDisk.openStore(folder, (change, path) -> {
          if (full[0] && change.equals("WRITE") && path.toString().contains("unlucky")) {
            throw new IOException("No space left on device");
          }
        });
        CaptureLanes lanes = CaptureLanes.start(small(1))) {
      LaneCall unlucky = lanes.add(start(store, "unlucky", RecordingFormat.PKCS7));
      LaneCall lucky = lanes.add(start(store, "lucky", RecordingFormat.PKCS7));
      full[0] = true;
      int frames = 1000; // several pieces
      for (int number = 0; number < frames; number++) {
        unlucky.offer(frame(0, number));
        offer(lucky, frame(1, number));
      }

      assertThatThrownBy(() -> unlucky.stop().join())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("No space left on device");
      Recording stored = lucky.stop().get(60, TimeUnit.SECONDS);
      assertThat(new StoredMedia(folder).play(stored))
          .hasSize(WAV_HEADER_BYTES + frames * FRAME_BYTES);
      assertThat(store.find(new RecordingId("unlucky"))).isEmpty();
      assertThat(lanes.counts().failed()).isEqualTo(1);
    }
  }

  @Test
  void moreStoresThanThereMayBe_areRefused_andTheCallStaysTheCallers() throws Exception {
    List<RecordingStore> stores = new ArrayList<>();
    try (CaptureLanes lanes = CaptureLanes.start(LaneOptions.of(1).withRingBytes(4096))) {
      for (int i = 0; i <= CaptureLanes.MAX_STORES; i++) {
        stores.add(RecordingStore.open(folder.resolve("store-" + i)));
      }
      for (int i = 0; i < CaptureLanes.MAX_STORES; i++) {
        lanes.add(start(stores.get(i), "call", RecordingFormat.PKCS7));
      }
      try (CallSession call =
          start(stores.get(CaptureLanes.MAX_STORES), "call", RecordingFormat.PKCS7)) {
        assertThatThrownBy(() -> lanes.add(call)).isInstanceOf(IllegalStateException.class);
        call.write(frame(0, 0));
      }
    }
    for (RecordingStore store : stores) {
      store.close();
    }
  }

  @Test
  void lanesThatAreClosed_giveUpWhatWasNotStopped() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder)) {
      CaptureLanes lanes = CaptureLanes.start(2);
      LaneCall call = lanes.add(start(store, "given-up", RecordingFormat.PKCS7));
      offer(call, frame(0, 0));

      lanes.close();

      assertThat(call.offer(frame(0, 1))).isFalse();
      assertThatThrownBy(call::stop).isInstanceOf(IllegalStateException.class);
      assertThat(partBytes()).isZero();
      assertThat(store.find(new RecordingId("given-up"))).isEmpty();
    }
  }

  @Test
  void frames_allocateNothing_neitherWhereTheyAreOfferedNorOnTheLane() throws Exception {
    try (RecordingStore store = RecordingStore.open(folder)) {
      Lane lane = new Lane(
          0,
          new LaneRing(256 * 1024),
          (number, sinceDue, sinceOffered) -> {},
          Runnable::run,
          System::nanoTime);
      List<LaneCall> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        LaneCall call = new LaneCall(lane, start(store, "call-" + i, RecordingFormat.PKCS7));
        lane.join(call);
        calls.add(call);
      }
      ByteBuffer frame = frame(1, 1);
      int[] number = {0};

      Allocation.assertNone(20_000, () -> {
        number[0]++;
        calls.get(number[0] & 3).offer(frame.rewind(), System.nanoTime());
        if ((number[0] & 255) == 0) {
          lane.doWork();
        }
      });

      lane.doWork();
      assertThat(lane.counts().frames()).isEqualTo(number[0]);
      assertThat(lane.counts().dropped()).isZero();
      List<CompletableFuture<Recording>> ending =
          calls.stream().map(LaneCall::stop).toList();
      while (lane.doWork() > 0) {
        // until all are stored
      }
      assertThat(ending).allMatch(CompletableFuture::isDone);
      assertThat(lane.counts().sessions()).isZero();
    }
  }
}
