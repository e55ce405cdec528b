package dev.tapeseal.envelope;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The same content in every way that BER can state it. */
class RechunkedContentTest {

  @Property(tries = 100)
  void contentInAnyPiecesAndLengths_isReadAlike(
      @ForAll @IntRange(max = 200_000) int length, @ForAll long seed) throws IOException {
    byte[] plaintext = Recordings.randomBytes(length);
    MemoryRecording recording = MemoryRecording.seekable();
    Recordings.write(
        recording, RecordingOptions.live().withMac(Recordings.CONTEXT), plaintext, 5000, FIRST);
    MemoryRecording other = recording
        .copy()
        .with(RecordingPart.MEDIA, Rechunking.randomly(recording.media(), new Random(seed)));

    try (RecordingReader reader = RecordingReaderTest.open(other, FIRST)) {
      assertThat(Recordings.readAll(reader, 70_000)).isEqualTo(plaintext);
    }
    assertThat(RecordingReaderTest.readAsStream(other, 70_000)).isEqualTo(plaintext);
  }
}
