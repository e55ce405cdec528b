package dev.tapeseal.keystore;

import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.RecordingId;

/**
 * What became of one media file that was to be rewrapped.
 *
 * @param recording whose it is
 * @param mediaId the media file
 * @param result what became of it
 * @param reason one sentence where it failed; empty otherwise
 */
public record RewrapOutcome(RecordingId recording, MediaId mediaId, Result result, String reason) {

  /** What can become of a media file. */
  public enum Result {
    /** Its session key is encrypted under the new certificates now; in a dry run, it would be. */
    REWRAPPED,
    /** It was before: an earlier run did it. */
    ALREADY_REWRAPPED,
    /** It is not encrypted, going by its metadata. */
    CLEAR,
    /** None of the keys given is for it, or it is not for the certificate that was asked for; it stays as it is. */
    NOT_COVERED,
    /** It stays as it is, though it should not. */
    FAILED
  }
}
