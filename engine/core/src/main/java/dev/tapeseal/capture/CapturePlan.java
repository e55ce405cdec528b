package dev.tapeseal.capture;

import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.profile.FileNameTemplate;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.StorageMimeType;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How one media file is made, whatever is in it.
 *
 * @param type what the file will be
 * @param format how it is encrypted, where it is
 * @param fileName how it is named; otherwise by the documented pattern of media ids
 */
record CapturePlan(MediaType type, RecordingFormat format, Optional<FileNameTemplate> fileName) {

  /** As it comes. */
  static CapturePlan of(MediaType type, RecordingFormat format) {
    return new CapturePlan(type, format, Optional.empty());
  }

  /** As a profile says. */
  static CapturePlan of(IvrProfile profile, AudioFormat audio) throws IOException {
    MediaType type = profile.mimeType().map(CapturePlan::type).orElse(audio.mediaType());
    if (type == MediaType.WAV && audio.mediaType() == MediaType.MP3) {
      throw new MediaException.Unsupported(
          0,
          "MP3 to be recorded under IVR profile " + profile.name()
              + ", which says audio/wav (expected: WAV frames, or a profile that says audio/mp3)");
    }
    return new CapturePlan(type, format(profile), profile.fileNameTemplate());
  }

  private static MediaType type(StorageMimeType storage) {
    return switch (storage) {
      case WAV -> MediaType.WAV;
      case MP3 -> MediaType.MP3;
    };
  }

  private static RecordingFormat format(IvrProfile profile) throws IOException {
    RecordingFormat[] formats = RecordingFormat.values();
    Optional<RecordingFormat> format = Arrays.stream(formats)
        .filter(candidate -> candidate.label().equals(profile.format()))
        .findFirst();
    if (format.isEmpty()) {
      String known =
          Arrays.stream(formats).map(RecordingFormat::label).collect(Collectors.joining(", "));
      throw new IOException("IVR profile " + profile.name() + ": format '" + profile.format()
          + "' (expected: " + known + ")");
    }
    return format.get();
  }

  /** What writes frames of a call as this plan wants them. */
  MediaWriter open(AudioFormat audio, WritableByteChannel destination) throws IOException {
    return type == audio.mediaType()
        ? MediaWriter.open(audio, destination)
        : MediaWriter.encodingMp3(audio, destination);
  }
}
