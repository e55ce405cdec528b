package dev.tapeseal.mux;

import java.time.Duration;

/**
 * What became of one pair.
 *
 * @param call the call recording's id
 * @param screen the screen recording's id
 * @param cause what kind of thing kept it from being muxed
 * @param reason why it was refused or failed, for people; empty otherwise
 * @param mediaId the muxed file's id; empty where there is none
 * @param plaintextBytes the MP4 file's length; 0 where there is none
 * @param took how long it took, all attempts and the waiting between them included
 * @param attempts how often it was tried
 */
public record PairOutcome(
    String call,
    String screen,
    Result result,
    Cause cause,
    String reason,
    String mediaId,
    long plaintextBytes,
    Duration took,
    int attempts) {

  /** How it ended. */
  public enum Result {
    /** The muxed file has joined the call recording. */
    MUXED,
    /** It had been muxed before, or was by another process meanwhile. */
    ALREADY_MUXED,
    /** Another process is at it. */
    TAKEN,
    /** It must not be muxed, or cannot be: a mixed pair, or media of a kind that is refused. */
    REFUSED,
    /** It could not be read or stored, however often it was tried. */
    FAILED
  }

  /** What keeps pairs from being muxed: a few kinds, to count them by. */
  public enum Cause {
    /** Nothing. */
    NONE,
    /** A mixed pair: no recording certificate encrypted the call. */
    CALL_PLAIN,
    /** A mixed pair: no screen recording certificate encrypted the screen. */
    SCREEN_PLAIN,
    /** Media that are damaged, or of a kind that is refused. */
    MEDIA,
    /** A recording that does not decrypt: no key is for it, or it was changed. */
    UNREADABLE,
    /** No key, no certificate, or start times that cannot be of one interaction. */
    UNPREPARED,
    /** Reading or storing failed. */
    STORAGE
  }
}
