package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Mp3EncodingWriterTest {
  private static final double LEFT_HZ = 440;
  private static final double RIGHT_HZ = 1130;
  private static final double AMPLITUDE = 0.25;

  @TempDir
  Path folder;

  @ParameterizedTest(name = "{0}, {1} Hz, {2} channels, {3} bits")
  @CsvSource({
    "MU_LAW, 8000, 1, 8",
    "MU_LAW, 8000, 2, 8",
    "A_LAW, 8000, 1, 8",
    "A_LAW, 8000, 2, 8",
    "PCM, 8000, 1, 8",
    "PCM, 8000, 2, 16",
    "PCM, 11025, 1, 16",
    "PCM, 16000, 2, 24",
    "PCM, 22050, 1, 16",
    "PCM, 32000, 2, 32",
    "PCM, 44100, 2, 16",
    "PCM, 48000, 1, 16",
  })
  void sound_isHeardInItsPlace_onItsChannel(AudioCodec codec, int rateHz, int channels, int bits)
      throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    AudioFormat format = new AudioFormat(codec, rateHz, channels, bits);
    Sink sink = new Sink();
    long durationUs;
    try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
      speak(writer, format, 0, 2 * rateHz);
      durationUs = writer.durationUs();
      assertThat(writer.type()).isEqualTo(MediaType.MP3);
    }

    assertThat(durationUs).isEqualTo(2_000_000);
    short[][] heard = heard(sink, channels);
    assertThat(heard[0].length).isBetween(2 * rateHz, 2 * rateHz + 3 * 1152);
    for (int channel = 0; channel < channels; channel++) {
      double hz = channel == 0 ? LEFT_HZ : RIGHT_HZ;
      assertThat(likeness(heard[channel], rateHz / 4, rateHz, hz, rateHz, 0))
          .as("channel %s", channel)
          .isGreaterThan(0.98);
    }
  }

  @ParameterizedTest(name = "{0} ms of silence")
  @CsvSource({"0", "1", "71", "72", "73", "575", "576", "577", "1000", "61234", "3600000"})
  void silence_lastsAsLongAsItIs_andWhatFollowsIsHeardInItsPlace(long silenceMs) throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    AudioFormat format = AudioFormat.muLaw(8000, 2);
    int silenceSamples = (int) silenceMs * 8;
    Sink sink = new Sink();
    try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
      speak(writer, format, 0, 8000);
      writer.writeSilence(silenceMs * 1000, Continuity.INTERRUPTED);
      speak(writer, format, 0, 8000);
      assertThat(writer.durationUs()).isEqualTo(2_000_000 + silenceMs * 1000);
    }

    short[][] heard = heard(sink, 2);
    int after = 8000 + silenceSamples;
    assertThat(likeness(heard[0], 2000, 4000, LEFT_HZ, 8000, 0)).isGreaterThan(0.98);
    assertThat(likeness(heard[0], after + 2000, 4000, LEFT_HZ, 8000, after)).isGreaterThan(0.98);
    assertThat(likeness(heard[1], after + 2000, 4000, RIGHT_HZ, 8000, after)).isGreaterThan(0.98);
    if (silenceMs > 1000) {
      assertThat(loudest(heard[0], 8000 + 2400, after - 2400)).isLessThan(8);
    }
  }

  @Test
  void everyFrame_standsAlone_andTheFirstIsSound() throws Exception {
    AudioFormat format = AudioFormat.pcm(16_000, 2, 16);
    Sink sink = new Sink();
    try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
      speak(writer, format, 0, 32_000);
    }

    try (Mp3Source source = (Mp3Source) MediaTools.open(sink.bytes())) {
      assertThat(source.tag()).isEmpty();
      int total = 0;
      for (byte[] bytes : MediaTools.frames(source)) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        int header = Mp3Header.of(frame);
        assertThat(Mp3Silence.mainDataBegin(frame, header)).isZero();
        assertThat(Mp3Header.bitrateBps(header)).isEqualTo(64_000);
        total += Mp3Header.samplesPerFrame(header);
      }
      assertThat(total).isBetween(32_000, 32_000 + 4 * 576);
    }
  }

  @Test
  void framesOfAnyLength_giveTheSameStream() throws Exception {
    AudioFormat format = AudioFormat.aLaw(8000, 1);
    byte[] whole = encoded(format, 8000);
    for (int step : new int[] {1, 159, 160, 575, 576, 577, 4000}) {
      assertThat(encoded(format, step)).as("steps of %s", step).isEqualTo(whole);
    }
  }

  @Test
  void streamsOfSeveralThreads_areThoseOfOne() throws Exception {
    AudioFormat format = AudioFormat.pcm(8000, 2, 16);
    byte[] alone = encoded(format, 160);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> streams = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        streams.add(threads.submit(() -> encoded(format, 160)));
      }
      for (Future<byte[]> stream : streams) {
        assertThat(stream.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void speech_isStillItself() throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    Path call = dev.tapeseal.samples.Samples.path("media/call.wav");
    Sink sink = new Sink();
    AudioFormat format;
    try (MediaSource source = MediaSource.open(call)) {
      format = source.audioFormat().orElseThrow();
      try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
        Frame frame = new Frame();
        while (source.next(frame)) {
          writer.write(frame.bytes());
        }
        assertThat(writer.durationUs()).isEqualTo(source.durationUs());
      }
    }

    short[][] said = channels(MediaTools.decode(call), format.channels());
    short[][] heard = heard(sink, format.channels());
    for (int channel = 0; channel < format.channels(); channel++) {
      assertThat(correlation(said[channel], heard[channel], said[channel].length))
          .as("channel %s", channel)
          .isGreaterThan(0.9);
    }
  }

  @ParameterizedTest(name = "{0}, {1} Hz, {2} channels")
  @CsvSource({"PCM, 9000, 1, 16", "PCM, 8000, 3, 16", "MP3, 8000, 1, 0", "PCM, 96000, 2, 16"})
  void formatThatMp3DoesNotHave_isRefused(AudioCodec codec, int rateHz, int channels, int bits) {
    AudioFormat format = new AudioFormat(codec, rateHz, channels, bits);

    assertThatThrownBy(() -> MediaWriter.encodingMp3(format, new Sink()))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("expected: WAV of 1 or 2 channels at 8000");
  }

  @Test
  void partsOfSamples_areRefused_andTheWriterGoesOn() throws Exception {
    AudioFormat format = AudioFormat.pcm(8000, 2, 16);
    Sink sink = new Sink();
    try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(7)))
          .isInstanceOf(MediaException.Malformed.class)
          .hasMessageContaining("7 bytes (expected: whole samples of 4 bytes)");
      speak(writer, format, 0, 8000);
    }

    assertThat(sink.bytes()).isNotEmpty();
  }

  @Test
  void streamOfNothing_hasNoSound_andNoFailure() throws Exception {
    Sink sink = new Sink();
    try (MediaWriter writer = MediaWriter.encodingMp3(AudioFormat.muLaw(8000, 1), sink)) {
      assertThat(writer.durationUs()).isZero();
    }

    assertThat(sink.isOpen()).isFalse();
  }

  @Test
  void failedWriter_canOnlyBeClosed_andDoesNotGrow() throws Exception {
    AudioFormat format = AudioFormat.muLaw(8000, 1);
    Sink sink = new Sink();
    MediaWriter writer = MediaWriter.encodingMp3(format, sink);
    speak(writer, format, 0, 8000);
    sink.full = true;
    assertThatThrownBy(() -> speak(writer, format, 0, 8000)).hasMessage("no space left");
    sink.full = false;
    int before = sink.bytes().length;

    assertThatThrownBy(() -> speak(writer, format, 0, 8000))
        .isInstanceOf(IllegalStateException.class);
    writer.close();

    assertThat(sink.bytes()).hasSize(before);
    assertThat(sink.isOpen()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"mulaw", "alaw"})
  void g711_isWhatFfmpegMakesOfIt(String codec) throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    byte[] codes = new byte[256];
    for (int code = 0; code < codes.length; code++) {
      codes[code] = (byte) code;
    }
    Path raw = Files.write(folder.resolve("codes"), codes);
    ByteBuffer expected = ByteBuffer.wrap(MediaTools.quietly(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-f",
            codec,
            "-ar",
            "8000",
            "-ac",
            "1",
            "-i",
            raw.toString(),
            "-f",
            "s16le",
            "-"))
        .order(ByteOrder.LITTLE_ENDIAN);

    for (byte code : codes) {
      int sample = codec.equals("mulaw") ? LinearSamples.muLaw(code) : LinearSamples.aLaw(code);
      assertThat(sample).as("code %s", code).isEqualTo(expected.getShort());
    }
  }

  private byte[] encoded(AudioFormat format, int step) throws IOException {
    Sink sink = new Sink();
    try (MediaWriter writer = MediaWriter.encodingMp3(format, sink)) {
      for (int at = 0; at < 8000; at += step) {
        speak(writer, format, at, Math.min(8000, at + step));
      }
    }
    return sink.bytes();
  }

  /** Writes two tones, one a channel, from a sample to another, in one frame. */
  private static void speak(MediaWriter writer, AudioFormat format, int from, int to)
      throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate((to - from) * format.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int sample = from; sample < to; sample++) {
      for (int channel = 0; channel < format.channels(); channel++) {
        put(frame, format, tone(channel == 0 ? LEFT_HZ : RIGHT_HZ, format.sampleRateHz(), sample));
      }
    }
    writer.write(frame.flip());
  }

  private static double tone(double hz, int rateHz, int sample) {
    return AMPLITUDE * Math.sin(2 * Math.PI * hz * sample / rateHz);
  }

  private static void put(ByteBuffer frame, AudioFormat format, double value) {
    if (format.codec() == AudioCodec.PCM) {
      long scaled = Math.round(value * (1L << (format.bitsPerSample() - 1)));
      switch (format.bitsPerSample()) {
        case 8 -> frame.put((byte) (scaled + 128));
        case 16 -> frame.putShort((short) scaled);
        case 24 -> frame.put((byte) scaled).putShort((short) (scaled >> 8));
        default -> frame.putInt((int) scaled);
      }
      return;
    }
    byte nearest = 0;
    double distance = Double.MAX_VALUE;
    for (int code = 0; code < 256; code++) {
      int sample = format.codec() == AudioCodec.MU_LAW
          ? LinearSamples.muLaw((byte) code)
          : LinearSamples.aLaw((byte) code);
      double off = Math.abs(sample / 32768.0 - value);
      if (off < distance) {
        distance = off;
        nearest = (byte) code;
      }
    }
    frame.put(nearest);
  }

  /** Decoded as a player does it. */
  private short[][] heard(Sink sink, int channels) throws IOException {
    Path mp3 = Files.write(folder.resolve("heard.mp3"), sink.bytes());
    byte[] samples = MediaTools.quietly(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-xerror",
        "-err_detect",
        "crccheck+explode",
        "-i",
        mp3.toString(),
        "-f",
        "s16le",
        "-");
    return channels(samples, channels);
  }

  private static short[][] channels(byte[] samples, int channels) {
    ByteBuffer buffer = ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN);
    short[][] heard = new short[channels][samples.length / 2 / channels];
    for (int sample = 0; sample < heard[0].length; sample++) {
      for (int channel = 0; channel < channels; channel++) {
        heard[channel][sample] = buffer.getShort();
      }
    }
    return heard;
  }

  /** How like a tone that began at a sample, phase included, a part is: 1 is the tone. */
  private static double likeness(
      short[] heard, int from, int count, double hz, int rateHz, int began) {
    short[] expected = new short[count];
    short[] part = new short[count];
    for (int i = 0; i < count; i++) {
      expected[i] = (short) (32768 * tone(hz, rateHz, from + i - began));
      part[i] = heard[from + i];
    }
    assertThat(loudest(part, 0, count) / 32768.0).isCloseTo(AMPLITUDE, within(AMPLITUDE / 4));
    return correlation(expected, part, count);
  }

  private static double correlation(short[] one, short[] other, int count) {
    double product = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < count; i++) {
      product += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return product / Math.sqrt(ones * others);
  }

  private static int loudest(short[] samples, int from, int to) {
    int loudest = 0;
    for (int i = from; i < to; i++) {
      loudest = Math.max(loudest, Math.abs(samples[i]));
    }
    return loudest;
  }
}
