package dev.tapeseal.media;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Tells by content what a file is. The order matters: MP3 may begin with garbage, so it is tried
 * last.
 */
final class MediaSniffer {

  private static final Set<String> FIRST_BOXES = Set.of(
      "ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "pnot", "sidx", "uuid");

  private MediaSniffer() {}

  static MediaType sniff(BufferedInput input) throws IOException {
    if (input.size() == 0) {
      throw new MediaException.Malformed(0, "an empty file (expected: WAV, MP3 or MP4)");
    }
    String first = input.ascii(0);
    if (first.equals("RIFF") || first.equals("RIFX") || first.equals("RF64")) {
      return MediaType.WAV;
    }
    if (input.size() >= 8 && FIRST_BOXES.contains(input.ascii(4))) {
      return MediaType.MP4;
    }
    if (Mp3Sync.isMp3(input)) {
      return MediaType.MP3;
    }
    throw new MediaException.Malformed(
        0,
        "neither WAV nor MP3 nor MP4 (first bytes: " + firstBytes(input)
            + "; an encrypted recording must be decrypted first)");
  }

  private static String firstBytes(BufferedInput input) throws IOException {
    byte[] bytes = new byte[(int) Math.min(8, input.size())];
    input.copy(0, bytes, bytes.length);
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
