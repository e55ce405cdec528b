package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.RANDOM;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.sessionKey;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tapeseal.samples.CmsOracle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole files on several threads, and what becomes of a failure on each of them. */
@Timeout(60)
class RecordingCopyTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 262_144, 262_145, 3_000_000})
  void wholeFile_isEncryptedAndDecrypted_withProgressToItsEnd(int length) throws IOException {
    byte[] plaintext = randomBytes(length);
    for (LengthForm form : LengthForm.values()) {
      MemoryRecording recording = form == LengthForm.INDEFINITE
          ? MemoryRecording.forwardOnly()
          : MemoryRecording.seekable();
      RecordingOptions options = RecordingOptions.live().withMac(CONTEXT);
      AtomicLong encrypted = new AtomicLong();
      AtomicLong decrypted = new AtomicLong();
      try (RecordingWriter writer =
          open(recording, form == LengthForm.DER ? options.withPlaintextBytes(length) : options)) {
        assertThat(RecordingCopy.encrypt(new MemoryChannel(plaintext), writer, encrypted::set))
            .isEqualTo(length);
      }
      MemoryChannel target = new MemoryChannel(new byte[0]);
      try (RecordingReader reader = RecordingReaderTest.open(recording, FIRST)) {
        assertThat(RecordingCopy.decrypt(reader, target, decrypted::set)).isEqualTo(length);
      }

      assertThat(target.bytes()).isEqualTo(plaintext);
      assertThat(CmsOracle.decrypt(recording.media(), FIRST)).isEqualTo(plaintext);
      assertThat(encrypted).hasValue(length);
      assertThat(decrypted).hasValue(length);
    }
  }

  @Test
  void afterWhatWasWrittenBefore_aCopyGoesOn() throws IOException {
    byte[] plaintext = randomBytes(500_000);
    MemoryRecording recording = MemoryRecording.seekable();
    try (RecordingWriter writer = open(recording, RecordingOptions.live().withMac(CONTEXT))) {
      writer.write(ByteBuffer.wrap(plaintext, 0, 100_001));
      writer.writeFinishedBlocks();
      MemoryChannel rest = new MemoryChannel(plaintext);
      rest.position(100_001);
      RecordingCopy.encrypt(rest, writer, bytes -> {});
      writer.writeFinishedBlocks();
    }

    try (RecordingReader reader = RecordingReaderTest.open(recording, FIRST)) {
      assertThat(Recordings.readAll(reader, 100_000)).isEqualTo(plaintext);
    }
  }

  @Test
  void sourceThatFails_leavesNoRecording() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    RecordingWriter writer = open(recording, RecordingOptions.live());

    assertThatIOException()
        .isThrownBy(() -> RecordingCopy.encrypt(new FailingSource(1_000_000), writer, bytes -> {}))
        .withMessage("source failed");
    writer.close();

    assertThatIllegalStateException().isThrownBy(writer::facts);
    assertThatExceptionOfType(EnvelopeException.class)
        .isThrownBy(() -> RecordingReaderTest.open(recording, FIRST));
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000, 2_990_000})
  void destinationThatFails_endsTheCopy_orTheClosing(int capacity) throws IOException {
    SmallDisk disk = new SmallDisk(capacity);
    RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        sessionKey(List.of(FIRST)),
        part -> disk,
        RecordingOptions.live(),
        RANDOM);

    assertThatIOException()
        .isThrownBy(() -> {
          try (writer) {
            RecordingCopy.encrypt(new MemoryChannel(randomBytes(3_000_000)), writer, bytes -> {});
          }
        })
        .withMessageContaining("disk full");

    assertThatIllegalStateException().isThrownBy(writer::facts);
    assertThat(disk.isOpen()).isFalse();
  }

  @Test
  void targetThatFails_endsTheDecryption() throws IOException {
    MemoryRecording recording = Recordings.inForm(
        LengthForm.DER, RecordingOptions.live(), randomBytes(3_000_000), 65_536, FIRST);
    try (RecordingReader reader = RecordingReaderTest.open(recording, FIRST)) {
      assertThatIOException()
          .isThrownBy(() -> RecordingCopy.decrypt(reader, new SmallDisk(1_000_000), bytes -> {}))
          .withMessage("disk full");
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedPiece_isThrown_afterWhatStandsBeforeIt(LengthForm form) throws IOException {
    MemoryRecording recording = Recordings.inForm(
        form, RecordingOptions.live().withMac(CONTEXT), randomBytes(3_000_000), 65_536, FIRST);
    byte[] media = recording.media();
    media[2_000_000] ^= 1;
    recording.with(RecordingPart.MEDIA, media);
    MemoryChannel target = new MemoryChannel(new byte[0]);

    try (RecordingReader reader = RecordingReaderTest.open(recording, FIRST)) {
      assertThatExceptionOfType(EnvelopeException.Damaged.class)
          .isThrownBy(() -> RecordingCopy.decrypt(reader, target, bytes -> {}))
          .withMessageContaining("piece 30");
    }
    assertThat(target.bytes())
        .hasSizeBetween(1_900_000, 2_000_000) // every sound piece before it
        .isEqualTo(Arrays.copyOf(randomBytes(3_000_000), (int) target.size()));
  }

  @Test
  void errorOnTheWritingThread_isThrown_andTheRecordingIsIncomplete() throws IOException {
    for (int pieces : new int[] {3, 40}) { // fewer and more than are on their way at once
      WritableByteChannel disk = new SmallDisk(100_000) {
        @Override
        IOException full() {
          throw new OutOfMemoryError("direct buffer memory");
        }
      };
      RecordingWriter writer = RecordingWriter.open(
          RecordingFormat.PKCS7,
          sessionKey(List.of(FIRST)),
          part -> disk,
          RecordingOptions.live(),
          RANDOM);

      assertThatExceptionOfType(OutOfMemoryError.class)
          .isThrownBy(() -> {
            try (writer) {
              RecordingCopy.encrypt(
                  new MemoryChannel(randomBytes(pieces * 65_536)), writer, bytes -> {});
            }
          })
          .withMessage("direct buffer memory");
      assertThatIllegalStateException().isThrownBy(writer::facts);
    }
  }

  @Test
  void errorOnTheReadingThread_isThrown() throws IOException {
    FailingSource source = new FailingSource(1_000_000) {
      @Override
      IOException failure() {
        throw new OutOfMemoryError("heap");
      }
    };

    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> RecordingCopy.decrypt(source, new SmallDisk(2_000_000), bytes -> {}));
  }

  @Test
  void errorOfTheCaller_leavesTheRecordingIncomplete() throws IOException {
    RecordingWriter writer = open(MemoryRecording.seekable(), RecordingOptions.live());

    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> {
      try (writer) {
        RecordingCopy.encrypt(new MemoryChannel(randomBytes(2_000_000)), writer, bytes -> {
          throw new StackOverflowError();
        });
      }
    });

    assertThatIllegalStateException().isThrownBy(writer::facts);
  }

  @Test
  void closedWriter_takesNoCopy_andLeavesNoThread() throws IOException {
    RecordingWriter writer = open(MemoryRecording.seekable(), RecordingOptions.live());
    writer.close();

    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(
            () -> RecordingCopy.encrypt(new MemoryChannel(new byte[1]), writer, bytes -> {}));

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("tapeseal-write-behind");
  }

  @Test
  void pipeThatEndsTooEarly_givesEverySoundPieceFirst() throws IOException {
    byte[] plaintext = randomBytes(250_000);
    MemoryRecording recording = Recordings.inForm(
        LengthForm.DER, RecordingOptions.live().withMac(CONTEXT), plaintext, 65_536, FIRST);
    recording.with(RecordingPart.MEDIA, Arrays.copyOf(recording.media(), 240_000));
    MemoryChannel target = new MemoryChannel(new byte[0]);

    try (RecordingStream stream =
        Recordings.openStream(recording, new PrivateKeyUnwrapper(FIRST))) {
      assertThatExceptionOfType(EnvelopeException.class)
          .isThrownBy(() -> RecordingCopy.decrypt(stream, target, bytes -> {}));
    }
    assertThat(target.bytes()).isEqualTo(Arrays.copyOf(plaintext, 2 * 65_536));
  }

  @Test
  void interruptedCopy_ends_andTheThreadIsStillInterrupted() throws IOException {
    RecordingWriter writer = open(MemoryRecording.seekable(), RecordingOptions.live());
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() ->
            RecordingCopy.encrypt(new MemoryChannel(randomBytes(3_000_000)), writer, bytes -> {}));

    assertThat(Thread.interrupted()).isTrue();
    writer.close();
    assertThatIllegalStateException().isThrownBy(writer::facts);
  }

  private static RecordingWriter open(MemoryRecording recording, RecordingOptions options)
      throws IOException {
    return RecordingWriter.open(
        RecordingFormat.PKCS7, sessionKey(List.of(FIRST)), recording, options, RANDOM);
  }

  /** Gives zeros, then fails. */
  private static class FailingSource implements ReadableByteChannel {
    private int left;

    FailingSource(int bytes) {
      this.left = bytes;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (left == 0) {
        throw failure();
      }
      int part = Math.min(left, target.remaining());
      target.position(target.position() + part);
      left -= part;
      return part;
    }

    IOException failure() {
      return new IOException("source failed");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Takes so many bytes, then fails. */
  private static class SmallDisk implements WritableByteChannel {
    private int left;
    private boolean open = true;

    SmallDisk(int bytes) {
      this.left = bytes;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (source.remaining() > left) {
        throw full();
      }
      int length = source.remaining();
      left -= length;
      source.position(source.limit());
      return length;
    }

    IOException full() {
      return new IOException("disk full");
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
