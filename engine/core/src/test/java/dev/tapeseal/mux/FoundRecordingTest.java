package dev.tapeseal.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.envelope.EncryptionMark;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.mux.FoundRecording.Clear;
import dev.tapeseal.mux.FoundRecording.Encrypted;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a recording is encrypted, by what it is. */
class FoundRecordingTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  /** What no cipher's output can be told from; its first byte begins neither media nor an envelope. */
  private static byte[] bareCiphertext() {
    byte[] bytes = new byte[200_000];
    new Random(5).nextBytes(bytes);
    bytes[0] = 1;
    return bytes;
  }

  private FoundRecording find(byte[] media, RecordingPart... beside) throws IOException {
    Path file = Files.write(folder.resolve("recording"), media);
    for (RecordingPart part : beside) {
      if (part != RecordingPart.MEDIA) {
        Files.write(part.beside(file), new byte[100]);
      }
    }
    return FoundRecording.of("call", RecordingSource.ofFile(file));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"MEDIA", "MAC"},
      mode = EnumSource.Mode.EXCLUDE)
  void bareCiphertext_isEncrypted_whereAnEnvelopeStandsBeside(RecordingPart envelope)
      throws IOException {
    assertThat(find(bareCiphertext(), envelope)).isInstanceOf(Encrypted.class);
  }

  @Test
  void bareCiphertext_withoutAnEnvelope_isNothing_andAMacIsNone() {
    assertThatThrownBy(() -> find(bareCiphertext()))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("needs its envelope beside it");
    assertThatThrownBy(() -> find(bareCiphertext(), RecordingPart.MAC))
        .isInstanceOf(MediaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"call.mp3", "tagged.mp3", "vbr.mp3", "call.wav", "alaw.wav", "screen.mp4"})
  void media_areClear_whateverStandsBeside(String sample) throws IOException {
    byte[] media = Samples.bytes("media/" + sample);

    assertThat(find(media)).isInstanceOf(Clear.class);
    assertThat(find(media, RecordingPart.values())).isInstanceOf(Clear.class);
  }

  @Test
  void mixedPair_ofABareCiphertext_cannotBeHeld() throws IOException {
    Path call = Files.write(folder.resolve("call"), bareCiphertext());
    Files.write(folder.resolve("call.p7"), new byte[100]);
    FoundRecording encrypted = FoundRecording.of("call", RecordingSource.ofFile(call));
    FoundRecording clear =
        FoundRecording.of("screen", RecordingSource.ofFile(Samples.path("media/screen.mp4")));

    assertThatThrownBy(() -> RecordingPair.of(encrypted, clear))
        .isInstanceOf(MixedPairException.class)
        .hasMessageContaining("screen recording screen is plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"media/screen.mp4", "openssl/call-aes256.der"})
  void nothingBehindTheFirst64KiB_isRead(String sample) throws IOException {
    AtomicLong read = new AtomicLong();
    RecordingSource source = RecordingSource.ofFile(Samples.path(sample));

    FoundRecording.of("recording", part -> {
      SeekableByteChannel channel = source.open(part);
      return channel == null ? null : new Counting(channel, read);
    });

    assertThat(read.get()).isBetween(1L, (long) EncryptionMark.HEAD_BYTES);
  }

  /** Counts how far it is read. */
  private record Counting(SeekableByteChannel channel, AtomicLong furthest)
      implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      int count = channel.read(target);
      furthest.accumulateAndGet(channel.position(), Math::max);
      return count;
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException("read only");
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
      channel.position(newPosition);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("read only");
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
