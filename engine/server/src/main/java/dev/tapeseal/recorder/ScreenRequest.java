package dev.tapeseal.recorder;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks to be recorded of a screen; all may be left out.
 *
 * @param callUuid the call that it belongs to; otherwise the first of the agent's that is being recorded, or none
 * @param agentId whose screen it is
 * @param file an MP4 file of the recorder's media folder that is played once more; otherwise slices of a file follow
 * @param flatOut whether that is played as fast as it can be, and not in its own time
 */
record ScreenRequest(
    @Nullable String callUuid,
    @Nullable String agentId,
    @Nullable String file,
    @Nullable Boolean flatOut) {

  /**
   * How a recording is ended.
   *
   * @param durationMs how long the file plays, in milliseconds, 0 to a week
   */
  record Stop(@Nullable Long durationMs) {}
}
