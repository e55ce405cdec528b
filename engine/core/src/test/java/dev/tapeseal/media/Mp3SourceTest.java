package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Mp3SourceTest {

  /** MPEG-1, 44,100 Hz, stereo; its silent frames have 313 bytes. */
  private static final int MPEG_1 = Mp3Header.of(44_100, 2);

  private static final int MPEG_2_5 = Mp3Header.of(8000, 2);

  @TempDir
  Path folder;

  static List<LameStream> streams() {
    return LameStream.grid();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void frames_areThoseThatFfprobeFinds(LameStream stream) throws Exception {
    MediaTools.assumeInstalled("ffprobe");
    for (String tagged : new String[] {"-t", "-T"}) {
      Path mp3 = stream.encode(folder, tagged);
      List<Integer> expected = MediaTools.packetSizes(mp3);

      try (MediaSource source = MediaSource.open(mp3)) {
        assertThat(source.type()).isEqualTo(MediaType.MP3);
        assertThat(source.audioFormat())
            .contains(AudioFormat.mp3(stream.rate(), stream.channels()));
        assertThat(MediaTools.frames(source)).extracting(frame -> frame.length).isEqualTo(expected);
        assertThat(source.durationUs())
            .isEqualTo(MediaTime.us(
                (long) expected.size() * (stream.rate() >= 32_000 ? 1152 : 576), stream.rate()));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void theTagFrame_isNoAudio_andItsDelayIsKnown(LameStream stream) throws Exception {
    MediaTools.assumeInstalled("ffprobe");
    Path untagged = stream.encode(folder, "-t");
    byte[] frames;
    try (MediaSource source = MediaSource.open(untagged)) {
      frames = MediaTools.concat(MediaTools.frames(source));
      assertThat(((Mp3Source) source).tag()).isEmpty();
    }
    Path tagged = stream.encode(folder, "--id3v2-only", "--tt", "A title", "-T");
    try (Mp3Source source = (Mp3Source) MediaSource.open(tagged)) {
      if (source.tag().isEmpty()) { // LAME leaves it out where it does not fit into a frame
        assertThat(Files.readString(tagged, StandardCharsets.ISO_8859_1))
            .doesNotContain("Info", "Xing");
        return;
      }
      byte[] behindTag = MediaTools.concat(MediaTools.frames(source));

      assertThat(behindTag).hasSameSizeAs(frames);
      Mp3Tag tag = source.tag().orElseThrow();
      assertThat(tag.encoderDelaySamples()).isEqualTo(576);
      assertThat(source.delaySamples()).isEqualTo(1105);
      assertThat(tag.frames()).isEqualTo(source.frameCount());
      long audible = source.frameCount() * source.samplesPerFrame()
          - source.delaySamples()
          - source.paddingSamples();
      assertThat(audible).isEqualTo(3L * stream.rate());
    }
  }

  @Test
  void tagsAndGarbage_arePassedOver_onBothSides() throws Exception {
    byte[] audio = silence(MPEG_1, 5);
    byte[] id3v2 = id3v2(300);
    byte[] id3v1 = Arrays.copyOf("TAG".getBytes(StandardCharsets.ISO_8859_1), 128);
    byte[] ape = ape(100);
    byte[] garbage = new byte[100_000];
    Arrays.fill(garbage, (byte) 0xDE);
    List<List<byte[]>> files = List.of(
        List.of(audio),
        List.of(id3v2, audio),
        List.of(id3v2, id3v2, garbage, audio),
        List.of(garbage, audio),
        List.of(audio, id3v1),
        List.of(audio, ape),
        List.of(audio, ape, id3v1),
        List.of(audio, garbage),
        List.of(id3v2, audio, ape, id3v1));
    for (List<byte[]> file : files) {
      try (MediaSource source = MediaTools.open(MediaTools.concat(file))) {
        assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(audio);
        assertThat(source.durationUs()).isEqualTo(5 * 1152 * 1_000_000L / 44_100);
      }
    }
  }

  @Test
  void garbageBetweenFrames_isPassedOver() throws Exception {
    byte[] audio = silence(MPEG_1, 5);
    byte[] garbage = new byte[10_000];
    try (MediaSource source =
        MediaTools.open(MediaTools.concat(List.of(audio, garbage, id3v2(5000), audio)))) {
      assertThat(MediaTools.concat(MediaTools.frames(source)))
          .isEqualTo(MediaTools.concat(List.of(audio, audio)));
    }
  }

  @Test
  void tooMuchGarbage_isRefused_ratherThanAudioLost() throws Exception {
    byte[] audio = silence(MPEG_1, 5);
    byte[] garbage = new byte[300_000];
    try (MediaSource source = MediaTools.open(MediaTools.concat(List.of(audio, garbage, audio)))) {
      assertThatThrownBy(() -> MediaTools.frames(source))
          .isInstanceOf(MediaException.Malformed.class)
          .hasMessage("offset " + audio.length
              + ": no MPEG audio frame within 262144 bytes (expected: an MP3 stream)");
    }
  }

  @Test
  void aLastFrameThatIsCutShort_isLeftOut() throws Exception {
    byte[] audio = silence(MPEG_1, 5);
    int frameBytes = audio.length / 5;
    for (int cut = 1; cut < frameBytes; cut++) {
      try (MediaSource source = MediaTools.open(Arrays.copyOf(audio, audio.length - cut))) {
        assertThat(MediaTools.frames(source)).as("%d bytes cut", cut).hasSize(4);
      }
    }
  }

  @Test
  void oneFrame_isAStream() throws Exception {
    try (MediaSource source = MediaTools.open(silence(MPEG_2_5, 1))) {
      assertThat(MediaTools.frames(source)).hasSize(1);
      assertThat(source.durationUs()).isEqualTo(72_000);
    }
  }

  @Test
  void times_neverDrift() throws Exception {
    try (MediaSource source = MediaTools.open(silence(MPEG_1, 1000))) {
      Frame frame = new Frame();
      for (long i = 0; source.next(frame); i++) {
        assertThat(frame.presentationTimeUs()).isEqualTo(i * 1152 * 1_000_000 / 44_100);
      }
      assertThat(frame.presentationTimeUs() + frame.durationUs()).isEqualTo(source.durationUs());
    }
  }

  @ParameterizedTest(name = "to {0} Hz, {1} channels")
  @CsvSource({
    "48000,2,'MPEG-1 layer III, 48000 Hz, stereo'",
    "44100,1,'MPEG-1 layer III, 44100 Hz, mono'",
    "22050,2,'MPEG-2 layer III, 22050 Hz, stereo'",
    "11025,2,'MPEG-2.5 layer III, 11025 Hz, stereo'"
  })
  void aStreamThatChanges_isRefusedWhereItDoes(int rate, int channels, String description)
      throws Exception {
    byte[] before = silence(MPEG_1, 5);
    byte[] file = MediaTools.concat(List.of(before, silence(Mp3Header.of(rate, channels), 5)));
    try (MediaSource source = MediaTools.open(file)) {
      assertThatThrownBy(() -> MediaTools.frames(source))
          .isInstanceOf(MediaException.Unsupported.class)
          .hasMessage("offset " + before.length + ": the stream changes to " + description
              + " (expected: MPEG-1 layer III, 44100 Hz, stereo, as it began; encode it again)");
    }
  }

  @Test
  void simpleAndJointStereo_areOneStream() throws Exception {
    byte[] joint = silence(MPEG_1 | 0x40, 3);
    try (MediaSource source =
        MediaTools.open(MediaTools.concat(List.of(silence(MPEG_1, 3), joint)))) {
      assertThat(MediaTools.frames(source)).hasSize(6);
    }
  }

  @Test
  void freeFormat_isRefusedByName() throws Exception {
    MediaTools.assumeInstalled("lame");
    Path mp3 = new LameStream(44_100, 2, "--freeformat -b 400").encode(folder);

    assertThatThrownBy(() -> MediaSource.open(mp3))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessage(
            "offset 0: MP3 in free format (expected: frames with a bitrate; encode it again)");
  }

  @Test
  void layerTwo_isRefusedByName() throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    Path mp2 = folder.resolve("tone.mp2");
    MediaTools.run(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "sine=r=48000:d=1",
        "-f",
        "mp2",
        mp2.toString());

    assertThatThrownBy(() -> MediaSource.open(mp2))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessage("offset 0: MPEG-1 layer II, 48000 Hz, mono (expected: layer III, that is MP3)");
  }

  @Test
  void anId3TagWithoutAudio_isRefused() {
    assertThatThrownBy(() -> MediaTools.open(id3v2(100)))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage(
            "offset 110: no MPEG audio frame within 262144 bytes (expected: an MP3 stream)");
  }

  @Test
  void next_allocatesNothing_onceTheFrameHasGrown() throws Exception {
    try (MediaSource source = MediaTools.open(silence(MPEG_2_5, 61_000))) {
      Frame frame = new Frame();
      Allocation.assertNone(10_000, () -> {
        if (!source.next(frame)) {
          throw new AssertionError("the stream is too short for this test");
        }
      });
    }
  }

  static byte[] silence(int header, int frames) {
    byte[] frame = Mp3Silence.frame(header);
    frame[3] = (byte) header; // with its mode extension and stereo mode
    ByteBuffer all = ByteBuffer.allocate(frames * frame.length);
    for (int i = 0; i < frames; i++) {
      all.put(frame);
    }
    return all.array();
  }

  private static byte[] id3v2(int contentBytes) {
    byte[] tag = new byte[10 + contentBytes];
    tag[0] = 'I';
    tag[1] = 'D';
    tag[2] = '3';
    tag[3] = 3;
    tag[8] = (byte) (contentBytes >>> 7);
    tag[9] = (byte) (contentBytes & 0x7F);
    return tag;
  }

  private static byte[] ape(int itemBytes) {
    ByteBuffer tag =
        ByteBuffer.allocate(itemBytes + 32).order(ByteOrder.LITTLE_ENDIAN).position(itemBytes);
    tag.put("APETAGEX".getBytes(StandardCharsets.ISO_8859_1)).putInt(2000).putInt(itemBytes + 32);
    return tag.array();
  }
}
