package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.media.mp4.SampleCursor;
import dev.tapeseal.media.mp4.TinyMp4;
import dev.tapeseal.media.mp4.Track;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Mp4SourceTest {

  @TempDir
  Path folder;

  @Test
  void slices_areTheFile_eachWithTheTimeOfItsSample() throws Exception {
    byte[] mp4 = TinyMp4.ofVideo();
    try (MediaSource source = MediaTools.open(mp4)) {
      assertThat(source.type()).isEqualTo(MediaType.MP4);
      assertThat(source.audioFormat()).isEmpty();
      assertThat(source.durationUs()).isEqualTo(500_000);
      List<byte[]> slices = new ArrayList<>();
      List<String> stamps = new ArrayList<>();
      Frame frame = new Frame();
      while (source.next(frame)) {
        slices.add(MediaTools.bytes(frame.bytes()));
        stamps.add(frame.bytes().remaining() + "@" + frame.presentationTimeUs() + "+"
            + frame.durationUs());
      }
      assertThat(MediaTools.concat(slices)).isEqualTo(mp4);
      assertThat(stamps)
          .containsExactly(
              (mp4.length - 200) + "@0+0",
              "40@0+100000",
              "40@200000+100000",
              "40@300000+100000",
              "40@400000+100000",
              "40@300000+100000");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "-bf 0",
        "-bf 2",
        "-bf 2 -movflags +faststart",
        "-bf 0 -movflags +faststart -itsoffset 0.5"
      })
  void samples_haveTheTimesThatFfprobeTells(String options) throws Exception {
    MediaTools.assumeInstalled("ffmpeg", "ffprobe");
    Path mp4 = folder.resolve("screen.mp4");
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error"));
    String output = options;
    if (options.contains("-itsoffset")) {
      command.addAll(List.of("-itsoffset", "0.5"));
      output = options.substring(0, options.indexOf("-itsoffset")).strip();
    }
    command.addAll(List.of(
        "-f", "lavfi", "-i", "testsrc2=s=320x180:r=15:d=4", "-f", "lavfi", "-i", "sine=d=4"));
    command.addAll(List.of("-c:v", "libx264", "-c:a", "aac", "-pix_fmt", "yuv420p"));
    command.addAll(List.of(output.split(" ")));
    command.add(mp4.toString());
    MediaTools.run(command.toArray(String[]::new));

    try (Mp4Source source = (Mp4Source) MediaSource.open(mp4)) {
      Track video = source.file().video().orElseThrow();
      List<String> ours = new ArrayList<>();
      SampleCursor sample = video.samples().cursor();
      while (sample.next()) {
        long pts = sample.decodingTimeVu()
            + sample.compositionOffsetVu()
            + Math.round(video.startUs() * video.timescale() / 1e6);
        ours.add(pts + "," + sample.sizeBytes() + "," + sample.offset() + ","
            + (sample.isSync() ? "K" : "_"));
      }
      List<String> theirs = MediaTools.text(
              "ffprobe",
              "-v",
              "error",
              "-select_streams",
              "v",
              "-show_entries",
              "packet=pts,size,pos,flags",
              "-of",
              "csv=p=0",
              mp4.toString())
          .lines()
          .filter(line -> !line.isBlank())
          .map(line -> line.strip().split(",", -1))
          .map(field ->
              String.join(",", field[0], field[1], field[2], field[3].startsWith("K") ? "K" : "_"))
          .toList();
      assertThat(ours).isEqualTo(theirs);

      assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(Files.readAllBytes(mp4));
      assertThat(source.durationUs()).isBetween(4_000_000L, 4_700_000L);
    }
  }
}
