package dev.tapeseal.load;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the largest number of recordings that a recorder sustains: doubles it until a threshold breaks, then halves the
 * distance until it is below a twentieth. Load is noisy, so the answer is the largest that held once.
 */
public final class MaxSearch {
  private static final int MAX_RECORDINGS = 1_000_000;
  private static final int PRECISION = 20;

  private final LoadStore store;
  private final List<RecordingCertificate> certificates;
  private final List<Threshold> thresholds;
  private final Consumer<Trial> onTrial;
  private final List<Trial> trials = new ArrayList<>();

  /**
   * One run.
   *
   * @param recordings how many there were at once
   * @param held whether it kept to every threshold
   * @param result what was measured
   */
  public record Trial(int recordings, boolean held, LoadResult result) {}

  public MaxSearch(
      LoadStore store,
      List<RecordingCertificate> certificates,
      List<Threshold> thresholds,
      Consumer<Trial> onTrial) {
    this.store = store;
    this.certificates = certificates;
    this.thresholds = List.copyOf(thresholds);
    this.onTrial = onTrial;
  }

  /** Searches from a plan's own number; answers every trial, in order. */
  public List<Trial> run(LoadPlan plan) throws IOException, InterruptedException {
    int recordings = plan.calls() + plan.screens();
    int held = 0;
    int broke = 0;
    while (broke == 0 && recordings <= MAX_RECORDINGS) {
      if (holds(plan, recordings)) {
        held = recordings;
        recordings *= 2;
      } else {
        broke = recordings;
      }
    }
    while (broke > 0 && broke - held > Math.max(1, broke / PRECISION)) {
      int middle = held + (broke - held) / 2;
      if (holds(plan, middle)) {
        held = middle;
      } else {
        broke = middle;
      }
    }
    return List.copyOf(trials);
  }

  private boolean holds(LoadPlan plan, int recordings) throws IOException, InterruptedException {
    LoadResult result = LoadRun.run(plan.scaled(recordings), store, certificates, second -> {});
    boolean held = thresholds.stream().allMatch(threshold -> threshold.holds(result));
    Trial trial = new Trial(recordings, held, result);
    trials.add(trial);
    onTrial.accept(trial);
    return held;
  }
}
