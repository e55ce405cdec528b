package dev.tapeseal.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.Ffprobe;
import dev.tapeseal.samples.Ffprobe.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Muxes, and has ffmpeg and ffprobe judge the result: every packet, every bit of video, every millisecond. */
final class MuxOracle {
  private static final int RATE_HZ = 8000;
  private static final int SAMPLES_A_MILLISECOND = 8;
  private static final int SEARCHED_MS = 40;

  private final Path folder;
  private final Map<Path, short[]> decodedCalls = new HashMap<>();
  private final Map<Path, List<Entry>> packets = new HashMap<>();

  MuxOracle(Path folder) {
    this.folder = folder;
  }

  static Path mux(Path screen, Path call, Duration callLater, WavCoding coding, Path output)
      throws IOException {
    try (SeekableByteChannel video = Files.newByteChannel(screen);
        SeekableByteChannel audio = Files.newByteChannel(call);
        MuxedMp4 muxed = MuxedMp4.open(video, audio, callLater, coding);
        FileChannel file =
            FileChannel.open(output, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(60_001); // ends at no border of anything
      while (muxed.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
      }
      assertThat(file.size()).as("the announced size").isEqualTo(muxed.sizeBytes());
    }
    return output;
  }

  /** The same, and that decoding the result is nothing to complain of. */
  void judgeAll(Path screen, Path call, int laterMs, WavCoding coding) throws IOException {
    judge(screen, call, laterMs, coding);
    Ffmpeg.decode(folder.resolve("muxed-" + laterMs + ".mp4"));
  }

  /** Muxes two files so far apart, and checks what becomes of every packet and of the sound. */
  void judge(Path screen, Path call, int laterMs, WavCoding coding) throws IOException {
    Path output = folder.resolve("muxed-" + laterMs + ".mp4");
    Files.deleteIfExists(output);
    mux(screen, call, Duration.ofMillis(laterMs), coding, output);
    Path audio = folder.resolve("muxed.pcm");
    Ffmpeg.run(
        "-y",
        "-xerror",
        "-i",
        output.toString(),
        "-map",
        "0:a",
        "-af",
        "aresample=8000:async=1:first_pts=0",
        "-ac",
        "1",
        "-f",
        "s16le",
        audio.toString());

    assertPackets(screen, output, Math.max(0, -laterMs) / 1000.0);
    assertAligned(call, samples(Files.readAllBytes(audio)), Math.max(0, laterMs));
    assertInterleaved(output);
  }

  /** Checks the video alone, without decoding anything. */
  void judgeVideo(Path screen, Path output, double laterSeconds) throws IOException {
    assertPackets(screen, output, laterSeconds);
    assertInterleaved(output);
  }

  private void assertPackets(Path screen, Path output, double laterSeconds) throws IOException {
    List<Entry> expected = packets.get(screen);
    if (expected == null) {
      expected = Ffprobe.packets(screen, "v:0");
      packets.put(screen, expected);
    }
    List<Entry> found = Ffprobe.packets(output, "v:0");
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      for (String same : List.of("size", "flags", "data_hash")) {
        assertThat(found.get(i).text(same))
            .as(same + " of packet " + i)
            .isEqualTo(expected.get(i).text(same));
      }
      for (String time : List.of("pts", "dts")) {
        if (laterSeconds == 0) {
          assertThat(found.get(i).text(time))
              .as(time + " of packet " + i)
              .isEqualTo(expected.get(i).text(time));
        } else {
          assertThat(found.get(i).seconds(time + "_time") - expected.get(i).seconds(time + "_time"))
              .as(time + " of packet " + i)
              .isCloseTo(laterSeconds, offset(0.0006));
        }
      }
    }
  }

  /** The sound of the call is where it is to be, to the millisecond, by cross-correlation. */
  private void assertAligned(Path call, short[] muxed, int laterMs) throws IOException {
    short[] source = decodedCalls.get(call);
    if (source == null) {
      source = samples(
          Ffmpeg.run("-i", call.toString(), "-ac", "1", "-ar", "" + RATE_HZ, "-f", "s16le", "-"));
      decodedCalls.put(call, source);
    }
    int from = loudestSecond(source);
    int expected = laterMs * SAMPLES_A_MILLISECOND;
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int lag = -SEARCHED_MS * SAMPLES_A_MILLISECOND;
        lag <= SEARCHED_MS * SAMPLES_A_MILLISECOND;
        lag++) {
      double sum = 0;
      for (int i = from; i < from + RATE_HZ; i++) {
        int at = i + expected + lag;
        sum += at < 0 || at >= muxed.length ? 0 : (double) source[i] * muxed[at];
      }
      if (sum > highest) {
        highest = sum;
        best = lag;
      }
    }
    assertThat(highest).as("correlation").isPositive();
    assertThat(Math.abs(best))
        .as("samples of 8 kHz beside the place")
        .isLessThan(SAMPLES_A_MILLISECOND);
    assertThat((muxed.length - source.length) / SAMPLES_A_MILLISECOND - laterMs)
        .as("milliseconds longer than the call")
        .isBetween(-2, 150);
  }

  private static int loudestSecond(short[] samples) {
    long loudest = -1;
    int from = 0;
    for (int start = 0; start + RATE_HZ <= samples.length; start += RATE_HZ / 4) {
      long energy = 0;
      for (int i = start; i < start + RATE_HZ; i++) {
        energy += (long) samples[i] * samples[i];
      }
      if (energy > loudest) {
        loudest = energy;
        from = start;
      }
    }
    return from;
  }

  /** Its boxes are in the order that a player can begin with, and no track is far ahead in the file. */
  private static void assertInterleaved(Path output) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(output)) {
      Mp4File file = Mp4File.read(channel);
      assertThat(file.boxes().stream().map(Box::type)).containsExactly("ftyp", "moov", "mdat");
      assertThat(file.tracks().stream().map(Track::handlerType)).containsExactly("vide", "soun");
    }
  }

  private static short[] samples(byte[] pcm) {
    short[] samples = new short[pcm.length / 2];
    ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return samples;
  }
}
