package dev.tapeseal.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What a media file is, under the names that an IVR profile and a recording's metadata have for it. */
public enum MediaType {
  WAV("audio/wav", "wav"),
  MP3("audio/mp3", "mp3"),
  MP4("video/mp4", "mp4");

  private final String mimeType;
  private final String fileExtension;

  MediaType(String mimeType, String fileExtension) {
    this.mimeType = mimeType;
    this.fileExtension = fileExtension;
  }

  /**
   * Finds a type by its MIME type.
   *
   * @throws IllegalArgumentException where it is none of ours
   */
  public static MediaType of(String mimeType) {
    for (MediaType type : values()) {
      if (type.mimeType.equals(mimeType)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "media type: '" + mimeType + "' (expected: audio/wav, audio/mp3 or video/mp4)");
  }

  /**
   * What a file seems to be by its first bytes; 64 KiB are plenty. Nothing behind them is read.
   *
   * @return empty where they are none of ours, an encrypted recording for example
   */
  public static Optional<MediaType> ofHead(ByteBuffer head) {
    try {
      return Optional.of(MediaSniffer.sniff(new BufferedInput(new HeadChannel(head))));
    } catch (IOException e) { // no media; a buffer does not fail to be read
      return Optional.empty();
    }
  }

  /** For example {@code audio/mp3}. */
  public String mimeType() {
    return mimeType;
  }

  /** Without a dot, for example {@code mp3}. */
  public String fileExtension() {
    return fileExtension;
  }
}
