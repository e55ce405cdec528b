package dev.tapeseal.envelope;

import java.nio.file.Path;

/** One of the objects that make up an encrypted recording: the media, and what stands beside it. */
public enum RecordingPart {
  /** The encrypted media. */
  MEDIA(""),
  /** A tag for every 65,536 octets of the ciphertext. */
  MAC(".mac"),
  /** The envelope of media that are bare ciphertext. */
  ENVELOPE(".p7"),
  /** The envelope of a sealed recording's key. */
  KEY_ENVELOPE(".p7k");

  private final String suffix;

  RecordingPart(String suffix) {
    this.suffix = suffix;
  }

  /** What is appended to the media's name; empty for the media. */
  public String suffix() {
    return suffix;
  }

  /** Where this part of a recording lies in a folder: beside the media, under their name and the suffix. */
  public Path beside(Path media) {
    return media.resolveSibling(media.getFileName() + suffix);
  }
}
