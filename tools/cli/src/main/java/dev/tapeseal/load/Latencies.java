package dev.tapeseal.load;

import dev.tapeseal.capture.FrameListener;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long frames took, recorded by the lanes without a lock and read once a second: from when they were due, and from
 * when they were offered. Lanes record; one other thread reads.
 */
final class Latencies implements FrameListener {
  /** A frame that is later than the next one was due. */
  static final long LATE_NANOS = 20_000_000;

  private static final int DIGITS = 3;

  private final SingleWriterRecorder[] sinceDue;
  private final SingleWriterRecorder[] sinceOffered;
  private final AtomicLongArray late;
  private final Histogram allSinceDue = new Histogram(DIGITS);
  private final Histogram allSinceOffered = new Histogram(DIGITS);

  Latencies(int lanes) {
    sinceDue = new SingleWriterRecorder[lanes];
    sinceOffered = new SingleWriterRecorder[lanes];
    for (int i = 0; i < lanes; i++) {
      sinceDue[i] = new SingleWriterRecorder(DIGITS);
      sinceOffered[i] = new SingleWriterRecorder(DIGITS);
    }
    late = new AtomicLongArray(lanes);
  }

  @Override
  public void taken(int lane, long sinceDueNanos, long sinceOfferedNanos) {
    sinceDue[lane].recordValue(Math.max(0, sinceDueNanos));
    sinceOffered[lane].recordValue(Math.max(0, sinceOfferedNanos));
    if (sinceDueNanos > LATE_NANOS) {
      late.lazySet(lane, late.getPlain(lane) + 1); // the lane alone writes it
    }
  }

  /** What came since the last call, from when frames were due; also added to the whole. */
  Histogram nextInterval() {
    Histogram interval = new Histogram(DIGITS);
    long began = Long.MAX_VALUE;
    long ended = 0;
    for (int i = 0; i < sinceDue.length; i++) {
      Histogram lane = sinceDue[i].getIntervalHistogram();
      began = Math.min(began, lane.getStartTimeStamp());
      ended = Math.max(ended, lane.getEndTimeStamp());
      interval.add(lane);
      allSinceOffered.add(sinceOffered[i].getIntervalHistogram());
    }
    interval.setStartTimeStamp(began);
    interval.setEndTimeStamp(ended);
    allSinceDue.add(interval);
    return interval;
  }

  Histogram sinceDue() {
    return allSinceDue;
  }

  Histogram sinceOffered() {
    return allSinceOffered;
  }

  long late() {
    long sum = 0;
    for (int i = 0; i < late.length(); i++) {
      sum += late.get(i);
    }
    return sum;
  }
}
