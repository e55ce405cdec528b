package dev.tapeseal.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.Ffprobe;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of call with every kind of screen, as far apart as they may be; ffmpeg and ffprobe judge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MuxedMp4Test {
  private static final List<Integer> OFFSETS_MS =
      List.of(0, 50, -50, 137, -137, 700, -700, 1500, -1500);
  private static final List<String> CALLS = List.of(
      "call.mp3",
      "tagged.mp3",
      "vbr.mp3",
      "mono-16k.mp3",
      "stereo-44k.mp3",
      "call.wav",
      "pcm16.wav",
      "alaw.wav",
      "mono-mulaw.wav");
  private static final boolean ALL = Boolean.getBoolean("tapeseal.long");

  private final Map<String, Path> screens = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // made before the tests
  private MuxOracle oracle;

  @BeforeAll
  void makeScreens(@TempDir Path folder) throws IOException {
    assumeTrue(Ffmpeg.isPresent() && Ffprobe.isPresent(), "ffmpeg or ffprobe is not on PATH");
    oracle = new MuxOracle(folder);
    Path plain = Samples.path("media/screen.mp4");
    screens.put("moov last", plain);
    screens.put(
        "moov first", ffmpeg(folder, "first", plain, "-c", "copy", "-movflags", "+faststart"));
    String[] x264 = {
      "-t",
      "3",
      "-s",
      "160x90",
      "-r",
      "25",
      "-c:v",
      "libx264",
      "-preset",
      "ultrafast",
      "-bf",
      "2",
      "-x264-params",
      "b-adapt=0:keyint=20"
    };
    screens.put("B-frames", ffmpeg(folder, "b", plain, x264));
    screens.put("64 bits", Mp4Rewriting.rewrite(screen("B-frames"), folder.resolve("64.mp4")));
    screens.put(
        "negative offsets",
        ffmpeg(
            folder, "neg", screen("B-frames"), "-c", "copy", "-movflags", "negative_cts_offsets"));
    screens.put(
        "no edits",
        ffmpeg(folder, "noedit", screen("B-frames"), "-c", "copy", "-use_editlist", "0"));
    screens.put(
        "empty edit",
        ffmpeg(folder, "empty", screen("B-frames"), "-c", "copy", "-output_ts_offset", "1.234"));
    screens.put(
        "rotated, with audio",
        ffmpeg(
            folder,
            "audio",
            screen("B-frames"),
            "-f",
            "lavfi",
            "-i",
            "sine=duration=3",
            "-map",
            "1:a",
            "-map",
            "0:v",
            "-c:v",
            "copy",
            "-metadata:s:v",
            "rotate=90",
            "-video_track_timescale",
            "30000"));
  }

  private Path screen(String name) {
    return Objects.requireNonNull(screens.get(name), name);
  }

  private static Path ffmpeg(Path folder, String name, Path source, String... arguments)
      throws IOException {
    Path made = folder.resolve(name + ".mp4");
    List<String> all = new ArrayList<>(List.of("-i", source.toString()));
    all.addAll(List.of(arguments));
    all.add(made.toString());
    Ffmpeg.run(all.toArray(String[]::new));
    return made;
  }

  static List<Arguments> callsAndOffsets() {
    List<Arguments> cases = new ArrayList<>();
    for (int call = 0; call < CALLS.size(); call++) {
      for (int i = 0; i < OFFSETS_MS.size(); i++) {
        if (ALL || i == call) {
          cases.add(Arguments.of(CALLS.get(call), OFFSETS_MS.get(i)));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0} {1} ms later")
  @MethodSource("callsAndOffsets")
  void everyCall_standsWhereItWasHeard(String call, int laterMs) throws IOException {
    oracle.judgeAll(screen("B-frames"), Samples.path("media/" + call), laterMs, WavCoding.FLAC);
  }

  static List<Arguments> screensAndOffsets() {
    List<String> names = List.of(
        "moov last",
        "moov first",
        "64 bits",
        "negative offsets",
        "no edits",
        "empty edit",
        "rotated, with audio");
    List<Arguments> cases = new ArrayList<>();
    for (int screen = 0; screen < names.size(); screen++) {
      for (int i = 0; i < OFFSETS_MS.size(); i++) {
        if (ALL || i == 1 + screen || (i == 0 && screen % 2 == 0)) {
          cases.add(Arguments.of(names.get(screen), OFFSETS_MS.get(i)));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}, call {1} ms later")
  @MethodSource("screensAndOffsets")
  void everyScreen_isCopiedBitForBit_andKeepsItsTimes(String screen, int laterMs)
      throws IOException {
    oracle.judgeAll(screen(screen), Samples.path("media/tagged.mp3"), laterMs, WavCoding.FLAC);
  }

  @ParameterizedTest(name = "{0} ms later")
  @MethodSource("offsets")
  void wav_becomesMp3_whereThatIsAsked(int laterMs) throws IOException {
    oracle.judgeAll(screen("B-frames"), Samples.path("media/pcm16.wav"), laterMs, WavCoding.MP3);
  }

  static List<Integer> offsets() {
    return ALL ? OFFSETS_MS : List.of(137, -700);
  }

  @ParameterizedTest
  @MethodSource("wavs")
  void wavAsFlac_isEverySampleOfIt(String name) throws IOException {
    Path wav = Samples.path("media/" + name);
    Path muxed = Files.createTempFile("flac", ".mp4");
    Files.delete(muxed);
    MuxOracle.mux(screen("moov first"), wav, Duration.ZERO, WavCoding.FLAC, muxed);
    try {
      assertThat(Ffmpeg.pcm16(muxed)).isEqualTo(Ffmpeg.pcm16(wav));
    } finally {
      Files.delete(muxed);
    }
  }

  static List<String> wavs() {
    return CALLS.stream().filter(name -> name.endsWith(".wav")).toList();
  }
}
