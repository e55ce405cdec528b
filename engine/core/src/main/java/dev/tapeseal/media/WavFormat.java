package dev.tapeseal.media;

import java.io.IOException;

/**
 * Finds the format and the samples in a RIFF WAVE file.
 *
 * <p>Liberal: unknown chunks are passed over, odd ones with their padding; a data size of 0, of 0xFFFFFFFF (a
 * writer that could not seek back) or beyond the end means "to the end"; average bytes per second are ignored; a
 * last sample that is not whole is left out.
 *
 * @param audio what the samples are
 * @param dataOffset where the first sample is
 * @param samples the samples per channel
 */
record WavFormat(AudioFormat audio, long dataOffset, long samples) {

  private static final int MAX_CHUNKS = 10_000;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int RIFF_HEADER_BYTES = 12;
  private static final long UNKNOWN_SIZE = 0xFFFF_FFFFL;

  static WavFormat read(BufferedInput input) throws IOException {
    String riff = input.ascii(0);
    if (!riff.equals("RIFF")) {
      throw new MediaException.Unsupported(0, riff + " file (expected: RIFF)");
    }
    String form = input.ascii(8);
    if (!form.equals("WAVE")) {
      throw new MediaException.Unsupported(
          8, "RIFF file of form '" + printable(form) + "' (expected: 'WAVE')");
    }
    AudioFormat audio = null;
    long offset = RIFF_HEADER_BYTES;
    for (int chunks = 0; chunks < MAX_CHUNKS; chunks++) {
      if (input.size() - offset < CHUNK_HEADER_BYTES) {
        throw new MediaException.Malformed(
            input.size(),
            "the file ends here (expected: a '" + (audio == null ? "fmt " : "data") + "' chunk)");
      }
      String id = input.ascii(offset);
      long size = input.u32LittleEndian(offset + 4);
      long content = offset + CHUNK_HEADER_BYTES;
      if (id.equals("fmt ")) {
        audio = WavFormatChunk.read(input, content, size);
      } else if (id.equals("data")) {
        if (audio == null) {
          throw new MediaException.Malformed(
              offset, "'data' chunk (expected: a 'fmt ' chunk before it)");
        }
        long there = input.size() - content;
        long dataBytes = size == 0 || size == UNKNOWN_SIZE ? there : Math.min(size, there);
        return new WavFormat(audio, content, dataBytes / audio.blockBytes());
      }
      offset = content + size + (size & 1);
    }
    throw new MediaException.Malformed(
        offset, MAX_CHUNKS + " chunks without samples (expected: a 'data' chunk)");
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
