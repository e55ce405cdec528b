package dev.tapeseal.load;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** What the process costs: CPU of the lanes and of everything, pauses for garbage. */
final class ProcessMeter implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final String LANE = "tapeseal-lane-";

  private final AtomicLong longestPauseMillis = new AtomicLong();
  private final NotificationListener listener = (notification, handback) -> {
    if (notification.getUserData() instanceof CompositeData data) {
      longestPauseMillis.accumulateAndGet(
          GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration(), Math::max);
    }
  };

  /**
   * What was spent since the JVM began.
   *
   * @param laneCpuNanos by threads that record
   * @param processCpuNanos by all
   * @param gcMillis in collections of garbage
   * @param gcs how many there were
   */
  record Spent(long laneCpuNanos, long processCpuNanos, long gcMillis, long gcs) {
    Spent minus(Spent before) {
      return new Spent(
          laneCpuNanos - before.laneCpuNanos,
          processCpuNanos - before.processCpuNanos,
          gcMillis - before.gcMillis,
          gcs - before.gcs);
    }
  }

  ProcessMeter() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(listener, null, null);
      }
    }
  }

  /** Begins to look for the longest pause anew. */
  void forgetPauses() {
    longestPauseMillis.set(0);
  }

  long longestPauseMillis() {
    return longestPauseMillis.get();
  }

  Spent spent() {
    long laneNanos = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(LANE)) {
        laneNanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    long gcMillis = 0;
    long gcs = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      gcMillis += Math.max(0, collector.getCollectionTime());
      gcs += Math.max(0, collector.getCollectionCount());
    }
    return new Spent(laneNanos, SYSTEM.getProcessCpuTime(), gcMillis, gcs);
  }

  @Override
  public void close() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        try {
          emitter.removeNotificationListener(listener);
        } catch (ListenerNotFoundException e) {
          throw new IllegalStateException("the constructor added it", e);
        }
      }
    }
  }
}
