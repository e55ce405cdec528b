package dev.tapeseal.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder says in a first frame that is no audio: the Xing or Info tag, with LAME's extension or without,
 * or Fraunhofer's VBRI.
 *
 * @param kind {@code Xing} (variable bitrate), {@code Info} (constant) or {@code VBRI}
 * @param frames how many frames follow, as the tag claims; -1 where it does not
 * @param encoderDelaySamples the samples that the encoder put in front; 0 where the tag does not say
 * @param encoderPaddingSamples the samples that it appended; 0 where the tag does not say
 */
public record Mp3Tag(String kind, long frames, int encoderDelaySamples, int encoderPaddingSamples) {

  private static final int VBRI_OFFSET = Mp3Header.HEADER_BYTES + 32;
  private static final int FLAG_FRAMES = 1;
  private static final int FLAG_BYTES = 2;
  private static final int FLAG_TOC = 4;
  private static final int FLAG_QUALITY = 8;
  private static final int TOC_BYTES = 100;
  private static final int LAME_DELAY_OFFSET = 21;

  /** The tag in a layer III frame, or null where the frame is audio. */
  static @Nullable Mp3Tag read(BufferedInput input, long frameOffset) throws IOException {
    int header = input.i32(frameOffset);
    long end = frameOffset + Mp3Header.frameBytes(header);
    long side = frameOffset + Mp3Header.HEADER_BYTES + Mp3Header.sideInfoBytes(header);
    Mp3Tag tag = xing(input, side, end); // most writers do not count the CRC
    if (tag == null && Mp3Header.hasCrc(header)) {
      tag = xing(input, side + Mp3Header.CRC_BYTES, end);
    }
    return tag != null ? tag : vbri(input, frameOffset + VBRI_OFFSET, end);
  }

  private static @Nullable Mp3Tag xing(BufferedInput input, long offset, long end)
      throws IOException {
    if (offset + 8 > end) {
      return null;
    }
    String kind = input.ascii(offset);
    if (!kind.equals("Xing") && !kind.equals("Info")) {
      return null;
    }
    int flags = input.i32(offset + 4);
    long at = offset + 8;
    long frames = -1;
    if ((flags & FLAG_FRAMES) != 0) {
      frames = at + 4 <= end ? input.u32(at) : -1;
      at += 4;
    }
    at += (flags & FLAG_BYTES) != 0 ? 4 : 0;
    at += (flags & FLAG_TOC) != 0 ? TOC_BYTES : 0;
    at += (flags & FLAG_QUALITY) != 0 ? 4 : 0;
    if (at + LAME_DELAY_OFFSET + 3 > end) {
      return new Mp3Tag(kind, frames, 0, 0);
    }
    int delays = input.i32(at + LAME_DELAY_OFFSET - 1) & 0xFF_FFFF; // two numbers of 12 bits
    return new Mp3Tag(kind, frames, delays >>> 12, delays & 0xFFF);
  }

  private static @Nullable Mp3Tag vbri(BufferedInput input, long offset, long end)
      throws IOException {
    if (offset + 26 > end || !input.ascii(offset).equals("VBRI")) {
      return null;
    }
    return new Mp3Tag("VBRI", input.u32(offset + 14), 0, 0); // its delay field counts otherwise
  }
}
