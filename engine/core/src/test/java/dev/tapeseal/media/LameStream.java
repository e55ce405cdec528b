package dev.tapeseal.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What LAME is asked to encode: three seconds of two tones and noise, so that the bit reservoir is in use.
 *
 * @param rate in Hz
 * @param channels 1 or 2
 * @param options of lame
 */
record LameStream(int rate, int channels, String options) {

  /**
   * All versions, rates, channels; constant and variable bitrates, low and high; CRC; joint and
   * simple stereo.
   */
  static List<LameStream> grid() {
    return List.of(
        new LameStream(8000, 1, "-b 8"),
        new LameStream(8000, 2, "-b 16"),
        new LameStream(8000, 2, "-V 4"),
        new LameStream(11_025, 1, "-b 16"),
        new LameStream(12_000, 2, "-b 24 -p"),
        new LameStream(16_000, 1, "-b 32"),
        new LameStream(16_000, 2, "-V 2"),
        new LameStream(22_050, 2, "-b 56 -m s"),
        new LameStream(24_000, 1, "-b 8"),
        new LameStream(32_000, 2, "-b 64"),
        new LameStream(44_100, 2, "-b 128"),
        new LameStream(44_100, 2, "-b 320"),
        new LameStream(44_100, 1, "-V 5"),
        new LameStream(44_100, 2, "-b 128 -p"),
        new LameStream(48_000, 2, "--abr 96"),
        new LameStream(48_000, 2, "-b 32 -m s"));
  }

  /** Encodes it, without an Info frame, and without any tag. */
  Path encode(Path folder) throws IOException {
    return encode(folder, "-t");
  }

  Path encode(Path folder, String... more) throws IOException {
    MediaTools.assumeInstalled("sox", "lame");
    Path wav = folder.resolve("in.wav");
    Path mp3 = folder.resolve("in.mp3");
    MediaTools.run(
        "sox",
        "-R",
        "-n",
        "-r",
        "" + rate,
        "-c",
        "" + channels,
        "-b",
        "16",
        wav.toString(),
        "synth",
        "3",
        "sine",
        "300-1500",
        "synth",
        "sine",
        "mix",
        "700",
        "synth",
        "pinknoise",
        "mix",
        "tremolo",
        "3",
        "90",
        "gain",
        "-6");
    List<String> command =
        new ArrayList<>(List.of("lame", "--quiet", "--resample", "" + rate / 1000.0));
    command.addAll(Arrays.asList(options.split(" ")));
    command.addAll(Arrays.asList(more));
    command.addAll(List.of(wav.toString(), mp3.toString()));
    MediaTools.run(command.toArray(String[]::new));
    Files.delete(wav);
    return mp3;
  }

  @Override
  public String toString() {
    return rate + " Hz, " + channels + " channels, lame " + options;
  }
}
