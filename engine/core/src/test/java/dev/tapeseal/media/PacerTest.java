package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {

  private long nanos = -5_000_000_000L; // a nanosecond clock may begin anywhere
  private long slept;

  private void sleep(long duration) {
    slept += duration;
    nanos += duration;
  }

  @Test
  void frames_areDueByAnAbsoluteSchedule_whateverEachSleepWasLike() throws Exception {
    long start = nanos;
    Pacer pacer = Pacer.realTime(
        () -> nanos, duration -> sleep(duration + 1_300_000)); // each sleep is too long
    for (long frame = 0; frame < 10_000; frame++) {
      pacer.await(frame * 20_000);
      assertThat(nanos - start).isBetween(frame * 20_000_000, frame * 20_000_000 + 1_300_000);
      nanos += 3_000_000; // what the consumer takes
    }
  }

  @Test
  void aSleeperThatReturnsEarly_isCalledAgain() throws Exception {
    long start = nanos;
    Pacer pacer = Pacer.realTime(() -> nanos, duration -> sleep(Math.max(1, duration / 2)));
    pacer.await(0);

    assertThat(pacer.await(1_000_000)).isZero();

    assertThat(nanos - start).isEqualTo(1_000_000_000);
  }

  @Test
  void lateFrames_doNotWait_andSayHowLateTheyAre() throws Exception {
    Pacer pacer = Pacer.realTime(() -> nanos, this::sleep);
    pacer.await(0);
    nanos += 100_000_000;

    assertThat(pacer.await(40_000)).isEqualTo(60_000);
    assertThat(pacer.await(100_000)).isZero();
    assertThat(slept).isZero();
    pacer.await(120_000);
    assertThat(slept).isEqualTo(20_000_000);
  }

  @Test
  void theFirstFrame_setsTheSchedule_andTimesMayGoBack() throws Exception {
    Pacer pacer = Pacer.realTime(() -> nanos, this::sleep);

    assertThat(pacer.await(7_000_000)).isZero();
    assertThat(pacer.await(6_000_000)).isEqualTo(1_000_000);
    pacer.await(7_020_000);

    assertThat(slept).isEqualTo(20_000_000);
  }

  @Test
  void flatOut_neverWaits() throws Exception {
    Pacer pacer = Pacer.flatOut();
    long before = System.nanoTime();
    for (long frame = 0; frame < 1000; frame++) {
      assertThat(pacer.await(frame * 1_000_000)).isZero();
    }
    assertThat(System.nanoTime() - before).isLessThan(1_000_000_000);
  }

  @Test
  void realTime_byTheRealClock_isNotEarly() throws Exception {
    Pacer pacer = Pacer.realTime();
    pacer.await(0);
    long before = System.nanoTime();

    pacer.await(50_000);

    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(49_000_000);
  }
}
