package dev.tapeseal.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a load did to the recorder.
 *
 * @param plan what it was
 * @param store where recordings went
 * @param seconds how long it took, from the first start to the last recording stored
 * @param recordings how many were stored
 * @param failed how many failed, or did not begin
 * @param firstFailure why the first of them did; empty where none did
 * @param frames how many were recorded, slices of screens too
 * @param bytes how many bytes those had
 * @param dropped how many frames found their lane full
 * @param late how many were recorded more than 20 ms after they were due
 * @param peak how many recordings were live at most, as seen once a second
 * @param mediaSeconds of all recordings together
 * @param sinceDue frames, from when each was due to when it was in its recording: what a caller sees
 * @param sinceOffered frames, from when each was offered: without how late this generator was
 * @param start what beginning a recording cost
 * @param startSinceDue recordings, from when each was to begin to when it had begun
 * @param stop recordings, from when each was stopped to when it was stored
 * @param spent CPU and garbage
 * @param longestPauseMillis of a collection of garbage
 * @param heapBytes the largest heap there may be
 * @param each what happened in every second
 * @param histogram of {@code sinceDue}
 * @param intervals the same for every second
 */
public record LoadResult(
    LoadPlan plan,
    String store,
    double seconds,
    long recordings,
    long failed,
    String firstFailure,
    long frames,
    long bytes,
    long dropped,
    long late,
    long peak,
    double mediaSeconds,
    Latency sinceDue,
    Latency sinceOffered,
    Latency start,
    Latency startSinceDue,
    Latency stop,
    Cpu spent,
    long longestPauseMillis,
    long heapBytes,
    List<Second> each,
    Histogram histogram,
    List<Histogram> intervals) {
  private static final double NANOS = 1e9;

  /** CPU and garbage, in seconds and numbers. */
  public record Cpu(double laneSeconds, double processSeconds, double gcSeconds, long gcs) {
    static Cpu of(ProcessMeter.Spent spent) {
      return new Cpu(
          spent.laneCpuNanos() / NANOS,
          spent.processCpuNanos() / NANOS,
          spent.gcMillis() / 1000.0,
          spent.gcs());
    }
  }

  /**
   * One second.
   *
   * @param second which, from 1
   * @param sessions live at its end
   * @param laneCores how many cores the lanes took
   * @param processCores how many everything took
   */
  public record Second(
      int second,
      long sessions,
      long frames,
      long bytes,
      long dropped,
      long p50Nanos,
      long p99Nanos,
      long maxNanos,
      double laneCores,
      double processCores,
      long gcMillis) {}

  /** Takes copies of the lists. */
  public LoadResult {
    each = List.copyOf(each);
    intervals = List.copyOf(intervals);
  }

  /** How many real-time recordings a core carries: seconds of media for each second of a lane's CPU. */
  public double sessionsPerCore() {
    return spent.laneSeconds() == 0 ? 0 : mediaSeconds / spent.laneSeconds();
  }

  /** The same by the CPU of the whole process, this generator included. */
  public double sessionsPerProcessCore() {
    return spent.processSeconds() == 0 ? 0 : mediaSeconds / spent.processSeconds();
  }

  /** Everything as JSON has it, but for the histograms. */
  public Map<String, Object> toMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    Map<String, Object> of = new LinkedHashMap<>();
    of.put("calls", plan.calls());
    of.put("screens", plan.screens());
    of.put("arrivalsPerSecond", plan.arrivalsPerSecond());
    of.put("durationSeconds", plan.duration().toMillis() / 1000.0);
    of.put("pace", plan.pace().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    of.put("channels", plan.channels());
    of.put("screenBytesPerSecond", plan.screenBytesPerSecond());
    of.put("format", plan.recipients() == 0 ? "clear" : plan.format().label());
    of.put("recipients", plan.recipients());
    of.put("keyBits", plan.keyBits());
    of.put("lanes", plan.lanes());
    of.put("ringBytes", plan.ringBytes());
    of.put("preparedEnvelopes", plan.prepared());
    of.put("store", store);
    all.put("plan", of);
    all.put("machine", Machine.toMap(heapBytes));
    all.put("seconds", rounded(seconds));
    all.put("recordings", recordings);
    all.put("failed", failed);
    if (!firstFailure.isEmpty()) {
      all.put("firstFailure", firstFailure);
    }
    all.put("peakSessions", peak);
    all.put("frames", frames);
    all.put("framesPerSecond", rounded(frames / seconds));
    all.put("bytes", bytes);
    all.put("bytesPerSecond", rounded(bytes / seconds));
    all.put("dropped", dropped);
    all.put("late", late);
    all.put("latency", sinceDue.toMap());
    all.put("latencyUncorrected", sinceOffered.toMap());
    all.put("start", start.toMap());
    all.put("startSinceDue", startSinceDue.toMap());
    all.put("stop", stop.toMap());
    all.put("laneCpuSeconds", rounded(spent.laneSeconds()));
    all.put("processCpuSeconds", rounded(spent.processSeconds()));
    all.put("mediaSeconds", rounded(mediaSeconds));
    all.put("sessionsPerCore", Math.round(sessionsPerCore()));
    all.put("sessionsPerProcessCore", Math.round(sessionsPerProcessCore()));
    all.put(
        "cpuMicrosPerSessionSecond",
        rounded(mediaSeconds == 0 ? 0 : 1e6 * spent.laneSeconds() / mediaSeconds));
    all.put("gcs", spent.gcs());
    all.put("gcSeconds", rounded(spent.gcSeconds()));
    all.put("longestPauseMillis", longestPauseMillis);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Second second : each) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("second", second.second());
      row.put("sessions", second.sessions());
      row.put("frames", second.frames());
      row.put("bytes", second.bytes());
      row.put("dropped", second.dropped());
      row.put("p50Micros", second.p50Nanos() / 1000);
      row.put("p99Micros", second.p99Nanos() / 1000);
      row.put("maxMicros", second.maxNanos() / 1000);
      row.put("laneCores", rounded(second.laneCores()));
      row.put("processCores", rounded(second.processCores()));
      row.put("gcMillis", second.gcMillis());
      rows.add(row);
    }
    all.put("each", rows);
    return all;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
