package dev.tapeseal.keystore;

import dev.tapeseal.keystore.RewrapOutcome.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the media files of a store.
 *
 * @param recordings how many recordings were looked at
 * @param counts how many media files came to each result
 * @param failures the first that failed, at most {@value #MAX_FAILURES}
 */
public record RewrapReport(
    long recordings, Map<Result, Long> counts, List<RewrapOutcome> failures) {
  static final int MAX_FAILURES = 1000;

  /** Takes copies. */
  public RewrapReport {
    counts = Map.copyOf(counts);
    failures = List.copyOf(failures);
  }

  /** How many media files came to this result. */
  public long count(Result result) {
    return counts.getOrDefault(result, 0L);
  }

  /** Adds up outcomes as they come. Confined to one thread. */
  static final class Count {
    private final Map<Result, Long> counts = new EnumMap<>(Result.class);
    private final List<RewrapOutcome> failures = new ArrayList<>();
    private long recordings;

    void addRecording() {
      recordings++;
    }

    void add(RewrapOutcome outcome) {
      counts.merge(outcome.result(), 1L, Long::sum);
      if (outcome.result() == Result.FAILED && failures.size() < MAX_FAILURES) {
        failures.add(outcome);
      }
    }

    RewrapReport report() {
      return new RewrapReport(recordings, counts, failures);
    }
  }
}
