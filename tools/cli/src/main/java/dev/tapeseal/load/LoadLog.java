package dev.tapeseal.load;

import java.io.OutputStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** The histogram of every second in HdrHistogram's log format ({@code .hlog}), which its tools read; in nanoseconds. */
public final class LoadLog {
  private static final double MILLIS_A_SECOND = 1000.0;

  private LoadLog() {}

  /** Writes the log; the stream stays the caller's to close. */
  public static void write(LoadResult result, OutputStream out) {
    HistogramLogWriter log = new HistogramLogWriter(out);
    long began = result.intervals().isEmpty() ? 0 : result.intervals().get(0).getStartTimeStamp();
    log.outputComment("[Frames from when each was due to when it was in its recording]");
    log.outputLogFormatVersion();
    log.outputStartTime(began);
    log.setBaseTime(began);
    log.outputLegend();
    for (Histogram interval : result.intervals()) {
      log.outputIntervalHistogram(
          (interval.getStartTimeStamp() - began) / MILLIS_A_SECOND,
          (interval.getEndTimeStamp() - began) / MILLIS_A_SECOND,
          interval,
          1e6);
    }
  }
}
