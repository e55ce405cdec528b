package dev.tapeseal.mux;

import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.Recording;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A call recording and a screen recording of a catalog that belong together, by one media file of each.
 *
 * @param callFile the audio
 * @param screenFile the video
 * @param callStarted when the audio starts
 * @param screenStarted when the video starts
 */
record CatalogPair(
    Recording call,
    MediaFile callFile,
    Instant callStarted,
    Recording screen,
    MediaFile screenFile,
    Instant screenStarted) {

  /** The parameter of the muxed media file that names what it was made of. */
  static final String MUXED_FROM = "muxedFrom";

  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Both media ids, the call's first. */
  String muxedFrom() {
    return callFile.mediaId() + " " + screenFile.mediaId();
  }

  /**
   * The muxed file's id, by the pattern of media ids. What is random in others is a hash of {@link #muxedFrom} here: the
   * same pair has the same id wherever it is muxed, and a store takes an id once.
   */
  MediaId muxedId() {
    String hash;
    try {
      hash = HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256")
              .digest(muxedFrom().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    return new MediaId("%s_%s-%s-%s-%s.mp4"
        .formatted(
            call.id(),
            STARTED.format(started()),
            hash.substring(0, 8),
            hash.substring(8, 16),
            hash.substring(16, 24)));
  }

  /** Whether the call recording has the muxed file already. */
  boolean isMuxed() {
    return call.mediaFiles().stream()
        .anyMatch(file -> muxedFrom().equals(file.parameters().get(MUXED_FROM)));
  }

  /** How much later the call starts than the screen. */
  Duration callLater() {
    return Duration.between(screenStarted, callStarted);
  }

  /** When the earlier of both starts: the start of the muxed file. */
  Instant started() {
    return callStarted.isBefore(screenStarted) ? callStarted : screenStarted;
  }
}
