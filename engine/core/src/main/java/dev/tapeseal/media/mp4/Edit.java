package dev.tapeseal.media.mp4;

/**
 * One entry of an edit list ({@code elst}).
 *
 * @param segmentDurationVu how long it is shown, in units of the movie's timescale
 * @param mediaTimeVu where in the track it begins, in units of the track's timescale; -1 for an empty edit
 * @param mediaRate 16.16 fixed point, 0x10000 for normal speed
 */
public record Edit(long segmentDurationVu, long mediaTimeVu, int mediaRate) {

  static final long EMPTY = -1;

  /** Nothing of the track is shown for its duration. */
  public boolean isEmpty() {
    return mediaTimeVu == EMPTY;
  }
}
