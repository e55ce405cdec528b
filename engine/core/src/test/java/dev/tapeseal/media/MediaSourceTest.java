package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.media.mp4.TinyMp4;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaSourceTest {

  @TempDir
  Path folder;

  @Test
  void theType_isFoundByContent_whateverTheName() throws Exception {
    byte[] wav = WavSourceTest.riff(
        WavSourceTest.chunk("fmt ", WavSourceTest.fmt(7, 1, 8000, 8)),
        WavSourceTest.chunk("data", new byte[160]));
    byte[] mp3 = Mp3SourceTest.silence(Mp3Header.of(8000, 2), 10);
    assertThat(typeOf(wav)).isEqualTo(MediaType.WAV);
    assertThat(typeOf(mp3)).isEqualTo(MediaType.MP3);
    assertThat(typeOf(TinyMp4.ofVideo())).isEqualTo(MediaType.MP4);
  }

  @Test
  void whatIsNoMedia_isRefused_withItsFirstBytes() {
    assertThatThrownBy(() -> MediaTools.open(new byte[0]))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage("offset 0: an empty file (expected: WAV, MP3 or MP4)");
    assertThatThrownBy(() -> MediaTools.open(new byte[] {0x30, (byte) 0x82, 1}))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage(
            "offset 0: neither WAV nor MP3 nor MP4 (first bytes: 30 82 01; an encrypted recording must be"
                + " decrypted first)");
    assertThatThrownBy(
            () -> MediaTools.open("%PDF-1.7 and so on".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageStartingWith(
            "offset 0: neither WAV nor MP3 nor MP4 (first bytes: 25 50 44 46 2d 31 2e 37;");
  }

  @Test
  void randomBytes_areNoMedia() {
    byte[] random = new byte[600_000]; // beyond what is searched for a frame
    new Random(4711).nextBytes(random);

    assertThatThrownBy(() -> MediaTools.open(random)).isInstanceOf(MediaException.Malformed.class);
  }

  @Test
  void theChannel_isClosedWithTheSource_andStaysOpenWhereOpeningFails() throws Exception {
    SeekableByteChannel good = MediaTools.channel(Mp3SourceTest.silence(Mp3Header.of(8000, 2), 10));
    MediaSource.open(good).close();
    assertThat(good.isOpen()).isFalse();

    SeekableByteChannel bad = MediaTools.channel(new byte[100]);
    assertThatThrownBy(() -> MediaSource.open(bad)).isInstanceOf(MediaException.class);
    assertThat(bad.isOpen()).isTrue();
  }

  @Test
  void aFileThatShrinksMeanwhile_endsInAnError() throws Exception {
    byte[] mp3 = Mp3SourceTest.silence(Mp3Header.of(8000, 2), 1000);
    Path file = Files.write(folder.resolve("shrinking.mp3"), mp3);
    try (MediaSource source = MediaSource.open(file)) {
      Frame frame = new Frame();
      assertThat(source.next(frame)).isTrue();
      Files.write(file, new byte[10]);

      assertThatThrownBy(() -> MediaTools.frames(source))
          .isInstanceOf(MediaException.Malformed.class);
    }
  }

  @Test
  void aMissingFile_isAnIoExceptionThatNamesIt() {
    assertThatThrownBy(() -> MediaSource.open(folder.resolve("none.wav")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.wav");
  }

  @Test
  void mediaTypes_haveTheirDocumentedNames() {
    assertThat(MediaType.of("audio/wav")).isEqualTo(MediaType.WAV);
    assertThat(MediaType.of("audio/mp3")).isEqualTo(MediaType.MP3);
    assertThat(MediaType.of("video/mp4")).isEqualTo(MediaType.MP4);
    assertThatThrownBy(() -> MediaType.of("audio/mpeg"))
        .hasMessage("media type: 'audio/mpeg' (expected: audio/wav, audio/mp3 or video/mp4)");
  }

  private static MediaType typeOf(byte[] content) throws IOException {
    try (MediaSource source = MediaTools.open(content)) {
      return source.type();
    }
  }
}
