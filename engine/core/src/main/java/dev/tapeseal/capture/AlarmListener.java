package dev.tapeseal.capture;

/**
 * Hears of what an administrator should hear of at once. Called on the thread that starts a recording, so it must be
 * quick; what it throws fails that start.
 */
@FunctionalInterface
public interface AlarmListener {

  /**
   * A recording begins, and not for everybody it was meant for.
   *
   * @param callUuid the call's
   * @param alarm one sentence: which certificate was left out, and why
   */
  void raised(String callUuid, String alarm);
}
