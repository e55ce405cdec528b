package dev.tapeseal.media;

/**
 * What the first frame after a silence goes on from. It matters to MP3 alone, whose frames may keep
 * up to 511 bytes of their data in the frames before them (the bit reservoir).
 */
public enum Continuity {
  /** From the frame before the silence: the stream stood still, and no frame of it is missing. */
  CONTINUED,
  /** From frames that were left out, as in a pause: what such a frame kept in them is gone. */
  INTERRUPTED
}
