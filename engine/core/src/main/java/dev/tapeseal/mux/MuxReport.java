package dev.tapeseal.mux;

import java.util.List;

/**
 * What a pass over a catalog did.
 *
 * @param pairs every pair that was looked at, in no order
 * @param withoutCall how many screen recordings have no call recording to be muxed with
 */
public record MuxReport(List<PairOutcome> pairs, int withoutCall) {

  /** Takes a copy of the list. */
  public MuxReport {
    pairs = List.copyOf(pairs);
  }

  /** How many pairs were refused for this cause. */
  public long refused(PairOutcome.Cause cause) {
    return pairs.stream()
        .filter(pair -> pair.result() == PairOutcome.Result.REFUSED && pair.cause() == cause)
        .count();
  }

  /** How many pairs ended so. */
  public long count(PairOutcome.Result result) {
    return pairs.stream().filter(pair -> pair.result() == result).count();
  }
}
