package dev.tapeseal.recorder;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.media.AudioFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks to be recorded; all but one of {@code file} and {@code audio} may be left out.
 *
 * @param callUuid the call's, which becomes the recording's id; a fresh one otherwise
 * @param ivrProfile the profile's name; otherwise one is selected
 * @param geoLocation what a profile is selected by
 * @param file a WAV or MP3 file of the recorder's media folder that is played once more
 * @param flatOut whether it is played as fast as it can be, and not in its own time
 * @param audio the format of samples that follow in requests
 */
record CallRequest(
    @Nullable String callUuid,
    @Nullable String callerPhoneNumber,
    @Nullable String dialedPhoneNumber,
    @Nullable String agentId,
    @Nullable String ivrProfile,
    @Nullable String geoLocation,
    @Nullable String file,
    @Nullable Boolean flatOut,
    @Nullable Audio audio) {

  /**
   * Samples without a container.
   *
   * @param encoding {@code mulaw}, {@code alaw} or {@code pcm}, of 16 bits, little-endian
   */
  record Audio(@Nullable String encoding, int sampleRateHz, int channels) {
    AudioFormat format() {
      return switch (Optional.ofNullable(encoding).orElse("")) {
        case "mulaw" -> AudioFormat.muLaw(sampleRateHz, channels);
        case "alaw" -> AudioFormat.aLaw(sampleRateHz, channels);
        case "pcm" -> AudioFormat.pcm(sampleRateHz, channels, 16);
        default -> throw new IllegalArgumentException("encoding: (expected: mulaw, alaw or pcm)");
      };
    }
  }

  /** Refuses one that says both where frames come from, or neither. */
  CallRequest {
    if ((file == null) == (audio == null)) {
      throw new HttpException(
          400,
          "no-source",
          "It says not where the audio comes from, or says it twice.",
          "Send \"file\", or \"audio\" with encoding, sampleRateHz and channels.");
    }
  }

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
