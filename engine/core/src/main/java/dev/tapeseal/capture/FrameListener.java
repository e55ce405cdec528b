package dev.tapeseal.capture;

/**
 * Hears how long frames were on their way, where that is measured. Called on a lane's thread, once a turn for each frame
 * of the turn that was offered with the time at which it was due; must be quick, and allocate nothing.
 */
@FunctionalInterface
public interface FrameListener {

  /**
   * A frame was taken: it is in its recording, and what its recording had to encrypt and to write by then was encrypted
   * and written.
   *
   * @param lane which of the lanes, from 0; calls of one lane never overlap
   * @param sinceDueNanos from when it was due to the end of the turn that took it
   * @param sinceOfferedNanos from when it was offered to that end: without how late whoever offered it was
   */
  void taken(int lane, long sinceDueNanos, long sinceOfferedNanos);
}
