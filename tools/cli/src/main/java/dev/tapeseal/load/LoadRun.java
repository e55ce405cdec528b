package dev.tapeseal.load;

import dev.tapeseal.capture.CaptureLanes;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.LaneCounts;
import dev.tapeseal.capture.LaneOptions;
import dev.tapeseal.capture.PreparedEnvelopes;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.SessionKeySource;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * One load from its first recording to its last. Its threads, beside those that record: one that begins recordings when
 * they are due, a few that do it, one feeder for each lane, and the caller's, which looks once a second.
 *
 * <p>It is longer than most classes because everything that a run measures comes together in it.
 */
public final class LoadRun {
  private static final int SAMPLE_RATE_HZ = 8000;
  private static final int FRAME_BYTES = 160; // 20 ms of one channel
  private static final int STARTERS = 4;
  private static final int MAX_PREPARED = 16_384;
  private static final int WARM_UP_CALLS = 64;
  private static final int MAX_LANES_FED = 16;
  private static final long PREPARING_SECONDS = 120;
  private static final long STORING_MINUTES = 10;

  private final LoadPlan plan;
  private final RecordingStore store;
  private final List<RecordingCertificate> certificates;
  private final SecureRandom random = new SecureRandom();
  private final Histogram startNanos = new ConcurrentHistogram(3);
  private final Histogram startSinceDueNanos = new ConcurrentHistogram(3);
  private final Histogram stopNanos = new ConcurrentHistogram(3);
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<String> firstFailure = new AtomicReference<>("");
  private final CountDownLatch ended;
  private final String run;

  private LoadRun(LoadPlan plan, RecordingStore store, List<RecordingCertificate> certificates) {
    this.plan = plan;
    this.store = store;
    this.certificates = certificates;
    this.ended = new CountDownLatch(plan.calls() + plan.screens());
    this.run = Long.toHexString(random.nextLong());
  }

  /**
   * Puts the load on the recorder, and waits for its end.
   *
   * @param certificates what recordings are encrypted under; none for clear ones
   * @param onSecond told of each second when it is over
   * @throws IOException where the store cannot be opened, or removed
   */
  public static LoadResult run(
      LoadPlan plan,
      LoadStore store,
      List<RecordingCertificate> certificates,
      Consumer<LoadResult.Second> onSecond)
      throws IOException, InterruptedException {
    try (LoadStore.Opened opened = store.open()) {
      return new LoadRun(plan, opened.store(), certificates).run(store.toString(), onSecond);
    }
  }

  /** Runs the code of a load for as long as it says, so that what is measured then is compiled. */
  public static void warmUp(LoadPlan plan, List<RecordingCertificate> certificates)
      throws IOException, InterruptedException {
    LoadPlan small = new LoadPlan(
        plan.calls() == 0 ? 0 : WARM_UP_CALLS,
        plan.screens() == 0 ? 0 : WARM_UP_CALLS,
        1e6,
        Duration.ofSeconds(30),
        LoadPlan.Pace.MAX,
        plan.channels(),
        plan.screenBytesPerSecond(),
        plan.format(),
        plan.recipients(),
        plan.keyBits(),
        plan.lanes(),
        plan.ringBytes(),
        false,
        plan.warmUp());
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < plan.warmUp().toNanos()) {
      LoadResult unused = run(small, LoadStore.nothing(), certificates, second -> {});
    }
  }

  private LoadResult run(String storeName, Consumer<LoadResult.Second> onSecond)
      throws InterruptedException {
    Latencies latencies = new Latencies(plan.lanes());
    ExecutorService starters =
        Executors.newFixedThreadPool(STARTERS, work -> daemon(work, "start"));
    LaneOptions options =
        LaneOptions.of(plan.lanes()).withRingBytes(plan.ringBytes()).withListener(latencies);
    try (ProcessMeter meter = new ProcessMeter();
        PreparedEnvelopes prepared = PreparedEnvelopes.start(
            new PreparedEnvelopes.Options(
                Math.min(MAX_PREPARED, plan.calls() + plan.screens()), 1, Duration.ofHours(1)),
            random);
        CaptureLanes lanes = CaptureLanes.start(options)) {
      Recorder recorder = Recorder.into(store)
          .withFormat(plan.format())
          .withSessionKeys(
              plan.prepared() ? prepare(prepared) : SessionKeySource.generating(random));
      meter.forgetPauses();
      long begunNanos = System.nanoTime();
      List<Feeder> feeders = feed(begunNanos);
      Thread schedule =
          daemon(() -> schedule(begunNanos, starters, recorder, lanes, feeders), "schedule");
      schedule.start();
      Watch watch = new Watch(meter, lanes, latencies, begunNanos);
      while (!ended.await(1, TimeUnit.SECONDS)) {
        onSecond.accept(watch.second());
        watch.requireProgress();
      }
      onSecond.accept(watch.second());
      return watch.result(storeName);
    } finally {
      starters.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, "tapeseal-load-" + name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits until keys are ready for the first recordings. */
  private SessionKeySource prepare(PreparedEnvelopes prepared) throws InterruptedException {
    if (!certificates.isEmpty()) {
      prepared.take(plan.format(), certificates).close();
      int wanted = Math.min(MAX_PREPARED, plan.calls() + plan.screens());
      long begun = System.nanoTime();
      while (prepared.counts().ready() < wanted
          && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(PREPARING_SECONDS)) {
        Thread.sleep(10);
      }
    }
    return prepared;
  }

  private List<Feeder> feed(long begunNanos) {
    byte[] audio = new byte[FRAME_BYTES * plan.channels()];
    byte[] screen = new byte[plan.screenBytesPerSecond() * Source.Screen.PERIOD_MILLIS / 1000];
    random.nextBytes(audio);
    random.nextBytes(screen);
    List<Feeder> feeders = new ArrayList<>();
    for (int i = 0; i < Math.min(MAX_LANES_FED, plan.lanes()); i++) {
      Feeder feeder =
          new Feeder(begunNanos, plan.pace(), new Source.Frames(audio, screen), this::awaitStored);
      daemon(feeder, "feeder-" + i).start();
      feeders.add(feeder);
    }
    return feeders;
  }

  private void awaitStored(CompletableFuture<Recording> storing) {
    long stoppedNanos = System.nanoTime();
    var unused = storing.whenComplete((recording, failure) -> {
      if (failure == null) {
        stopNanos.recordValue(System.nanoTime() - stoppedNanos);
        stored.incrementAndGet();
      } else {
        fail(failure);
      }
      ended.countDown();
    });
  }

  private void fail(Throwable failure) {
    failed.incrementAndGet();
    firstFailure.compareAndSet("", failure.toString());
  }

  private void schedule(
      long begunNanos,
      ExecutorService starters,
      Recorder recorder,
      CaptureLanes lanes,
      List<Feeder> feeders) {
    int recordings = plan.calls() + plan.screens();
    CountDownLatch begun = new CountDownLatch(recordings);
    for (int i = 0; i < recordings; i++) {
      int index = i;
      long dueNanos = begunNanos + plan.startNanos(i);
      long early;
      while ((early = dueNanos - System.nanoTime()) > 0) {
        LockSupport.parkNanos(early);
      }
      starters.execute(() -> {
        try {
          Source source = begin(index, recorder, lanes);
          startSinceDueNanos.recordValue(Math.max(0, System.nanoTime() - dueNanos));
          feeders.get(index % feeders.size()).join(source);
        } catch (IOException | CertificateRefusedException | RuntimeException e) {
          fail(e);
          ended.countDown();
        } finally {
          begun.countDown();
        }
      });
    }
    try {
      begun.await();
      feeders.forEach(Feeder::complete);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Screens are spread evenly between calls. */
  private boolean isScreen(int index) {
    long recordings = plan.calls() + (long) plan.screens();
    return (index + 1L) * plan.screens() / recordings > (long) index * plan.screens() / recordings;
  }

  private Source begin(int index, Recorder recorder, CaptureLanes lanes)
      throws IOException, CertificateRefusedException {
    Interaction interaction = Interaction.of(Tenant.DEFAULT, "load-" + run + "-" + index);
    long startTick = TimeUnit.NANOSECONDS.toMillis(plan.startNanos(index));
    long before = System.nanoTime();
    Source source;
    if (isScreen(index)) {
      source = new Source.Screen(
          lanes.add(recorder.startScreen(interaction, certificates)), plan.duration(), startTick);
    } else {
      AudioFormat audio = AudioFormat.muLaw(SAMPLE_RATE_HZ, plan.channels());
      source = new Source.Call(
          lanes.add(recorder.startCall(interaction, certificates, audio)),
          plan.duration(),
          startTick);
    }
    startNanos.recordValue(System.nanoTime() - before);
    return source;
  }

  /** Looks once a second at what was done since. */
  private final class Watch {
    private final ProcessMeter meter;
    private final CaptureLanes lanes;
    private final Latencies latencies;
    private final long begunNanos;
    private final ProcessMeter.Spent spentBefore;
    private final List<LoadResult.Second> seconds = new ArrayList<>();
    private final List<Histogram> intervals = new ArrayList<>();
    private ProcessMeter.Spent spent;
    private LaneCounts counts;
    private long lookedNanos;
    private long progressedNanos;

    Watch(ProcessMeter meter, CaptureLanes lanes, Latencies latencies, long begunNanos) {
      this.meter = meter;
      this.lanes = lanes;
      this.latencies = latencies;
      this.begunNanos = begunNanos;
      this.spentBefore = meter.spent();
      this.spent = spentBefore;
      this.counts = lanes.counts();
      this.lookedNanos = begunNanos;
      this.progressedNanos = begunNanos;
    }

    LoadResult.Second second() {
      ProcessMeter.Spent spentNow = meter.spent();
      LaneCounts countsNow = lanes.counts();
      Histogram interval = latencies.nextInterval();
      long now = System.nanoTime();
      double nanos = Math.max(1, now - lookedNanos);
      LoadResult.Second second = new LoadResult.Second(
          seconds.size() + 1,
          countsNow.sessions(),
          countsNow.frames() - counts.frames(),
          countsNow.bytes() - counts.bytes(),
          countsNow.dropped() - counts.dropped(),
          interval.getValueAtPercentile(50),
          interval.getValueAtPercentile(99),
          interval.getMaxValue(),
          (spentNow.laneCpuNanos() - spent.laneCpuNanos()) / nanos,
          (spentNow.processCpuNanos() - spent.processCpuNanos()) / nanos,
          spentNow.gcMillis() - spent.gcMillis());
      if (countsNow.frames() > counts.frames()
          || (ended.getCount() > 0 && now < lastStartNanos())) {
        progressedNanos = now;
      }
      seconds.add(second);
      intervals.add(interval);
      spent = spentNow;
      counts = countsNow;
      lookedNanos = now;
      return second;
    }

    private long lastStartNanos() {
      return begunNanos + plan.length().toNanos();
    }

    /** A store that takes nothing any more must not hold the load up for ever. */
    void requireProgress() {
      if (lookedNanos - progressedNanos > TimeUnit.MINUTES.toNanos(STORING_MINUTES)) {
        throw new IllegalStateException("load: " + ended.getCount()
            + " recordings are not stored after " + STORING_MINUTES + " minutes without a frame");
      }
    }

    LoadResult result(String storeName) {
      return new LoadResult(
          plan,
          storeName,
          (lookedNanos - begunNanos) / 1e9,
          stored.get(),
          failed.get(),
          firstFailure.get(),
          counts.frames(),
          counts.bytes(),
          counts.dropped(),
          latencies.late(),
          seconds.stream().mapToLong(LoadResult.Second::sessions).max().orElse(0),
          mediaSeconds(),
          Latency.of(latencies.sinceDue()),
          Latency.of(latencies.sinceOffered()),
          Latency.of(startNanos),
          Latency.of(startSinceDueNanos),
          Latency.of(stopNanos),
          LoadResult.Cpu.of(spent.minus(spentBefore)),
          meter.longestPauseMillis(),
          Runtime.getRuntime().maxMemory(),
          seconds,
          latencies.sinceDue(),
          intervals);
    }

    /** By the bytes that were recorded, since frames of calls and of screens stand for different times. */
    private double mediaSeconds() {
      double perSecond = plan.calls() * (double) SAMPLE_RATE_HZ * plan.channels()
          + plan.screens() * (double) plan.screenBytesPerSecond();
      return counts.bytes() / perSecond * (plan.calls() + plan.screens());
    }
  }
}
