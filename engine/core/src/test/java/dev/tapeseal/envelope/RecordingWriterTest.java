package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.RANDOM;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.sessionKey;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.PARTIES;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tapeseal.samples.CmsOracle;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingWriterTest {
  private static final int PIECE = 65_536;

  static Stream<Arguments> lengthsAndSteps() {
    return Stream.of(
            0,
            1,
            15,
            16,
            17,
            PIECE - 17,
            PIECE - 16,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            2 * PIECE,
            200_000)
        .flatMap(length -> Stream.of(160, 16_383, PIECE - 1, PIECE, PIECE + 1, 200_000)
            .map(step -> Arguments.of(length, step)));
  }

  @ParameterizedTest(name = "{0} bytes in writes of {1}")
  @MethodSource("lengthsAndSteps")
  void recordingInEveryForm_isReadByBouncyCastle(int length, int step) throws IOException {
    byte[] plaintext = randomBytes(length);
    RecordingOptions live = RecordingOptions.live();
    MemoryRecording der = MemoryRecording.seekable();
    MemoryRecording definite = MemoryRecording.seekable();
    MemoryRecording indefinite = MemoryRecording.forwardOnly();

    Recordings.write(der, live.withPlaintextBytes(length), plaintext, step, FIRST);
    Recordings.write(definite, live, plaintext, step, FIRST);
    Recordings.write(indefinite, live, plaintext, step, FIRST);

    assertThat(CmsOracle.decrypt(der.media(), FIRST)).isEqualTo(plaintext);
    assertThat(CmsOracle.decrypt(definite.media(), FIRST)).isEqualTo(plaintext);
    assertThat(CmsOracle.decrypt(indefinite.media(), FIRST)).isEqualTo(plaintext);
  }

  @Test
  void recording_isReadByEveryOfSixteenRecipients() throws IOException {
    byte[] plaintext = randomBytes(1000);
    MemoryRecording recording = MemoryRecording.seekable();

    Recordings.write(
        recording, RecordingOptions.live(), plaintext, 160, PARTIES.toArray(SampleIdentity[]::new));

    for (SampleIdentity party : PARTIES) {
      assertThat(CmsOracle.decrypt(recording.media(), party)).isEqualTo(plaintext);
    }
  }

  @ParameterizedTest
  @EnumSource
  void finishedBlocks_areOnTheDestinationAtOnce_exceptInIndefiniteForm(LengthForm form)
      throws IOException {
    MemoryRecording recording =
        form == LengthForm.INDEFINITE ? MemoryRecording.forwardOnly() : MemoryRecording.seekable();
    RecordingOptions options = form == LengthForm.DER
        ? RecordingOptions.live().withPlaintextBytes(100_000)
        : RecordingOptions.live();
    byte[] plaintext = randomBytes(100_000);
    int onDestination;
    int header;
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7, sessionKey(List.of(FIRST)), recording, options, RANDOM)) {
      header = recording.media().length;
      for (int done = 0; done < plaintext.length; done += 1000) {
        writer.write(ByteBuffer.wrap(plaintext, done, 1000));
        writer.writeFinishedBlocks();
        if (form != LengthForm.INDEFINITE) {
          assertThat(recording.media().length - header).isBetween(done + 1000 - 15, done + 1000);
        }
      }
      onDestination = recording.media().length - header;
    }

    assertThat(onDestination).isEqualTo(form == LengthForm.INDEFINITE ? PIECE + 6 : 100_000);
    assertThat(CmsOracle.decrypt(recording.media(), FIRST)).isEqualTo(plaintext);
  }

  @Test
  void knownLength_givesDer() throws IOException {
    MemoryRecording recording = MemoryRecording.forwardOnly();

    Recordings.write(
        recording,
        RecordingOptions.live().withPlaintextBytes(100_000),
        randomBytes(100_000),
        160,
        SECOND,
        FIRST);

    byte[] media = recording.media();
    assertThat(ASN1Primitive.fromByteArray(media).getEncoded(ASN1Encoding.DER)).isEqualTo(media);
  }

  @Test
  void unknownLengthOnAFile_givesFiveLengthsOfFiveOctets_andOneRunOfCiphertext()
      throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();

    RecordingFacts facts =
        Recordings.write(recording, RecordingOptions.live(), randomBytes(100_000), 160, FIRST);

    byte[] media = recording.media();
    int contentAt =
        media.length - 100_016; // 100,000 bytes are whole blocks, so there are 16 of padding
    ByteBuffer lengthOfContent = ByteBuffer.wrap(media, contentAt - 7, 7);
    assertThat(media[0]).isEqualTo((byte) 0x30);
    assertThat(media[1]).isEqualTo((byte) 0x85);
    assertThat(lengthOfContent.get()).isEqualTo((byte) 0x80);
    assertThat(lengthOfContent.get()).isEqualTo((byte) 0x85);
    assertThat(lengthOfContent.get()).isZero();
    assertThat(lengthOfContent.getInt()).isEqualTo(100_016);
    assertThat(facts.ciphertextBytes()).isEqualTo(100_016);
  }

  @Test
  void facts_tellWhatWasWritten() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();

    RecordingFacts facts = Recordings.write(
        recording,
        RecordingOptions.live().withMac(CONTEXT),
        randomBytes(70_000),
        160,
        FIRST,
        SECOND);

    assertThat(facts.format()).isEqualTo(RecordingFormat.PKCS7);
    assertThat(facts.plaintextBytes()).isEqualTo(70_000);
    assertThat(facts.ciphertextBytes()).isEqualTo(70_016);
    assertThat(facts.mediaBytes()).isEqualTo(recording.media().length);
    assertThat(facts.macId()).matches("[0-9a-f]{32}");
    assertThat(facts.recipients()).hasSize(2);
    assertThat(recording.bytes(RecordingPart.MAC)).hasSize(56 + 2 * 32);
  }

  @Test
  void moreOrLessThanAnnounced_isNotARecording() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    RecordingOptions ten = RecordingOptions.live().withPlaintextBytes(10);

    assertThatIOException()
        .isThrownBy(() -> Recordings.write(recording, ten, randomBytes(11), 1, FIRST))
        .withMessageContaining("expected: the 10 bytes");
    assertThatIOException()
        .isThrownBy(() -> Recordings.write(recording, ten, randomBytes(9), 1, FIRST))
        .withMessageContaining("9 bytes (expected: the 10 bytes");
  }

  @Test
  void unpatchedFile_isRefused() throws IOException {
    MemoryRecording recording = MemoryRecording.seekable();
    RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        sessionKey(List.of(FIRST)),
        recording,
        RecordingOptions.live(),
        RANDOM);
    writer.write(ByteBuffer.wrap(randomBytes(100_000)));

    writer.abandon();
    writer.close();

    assertThatIOException().isThrownBy(() -> CmsOracle.decrypt(recording.media(), FIRST));
    assertThatIOException()
        .isThrownBy(() -> RecordingReaderTest.open(recording, FIRST))
        .withMessageContaining("still being written");
    assertThatIllegalStateException().isThrownBy(writer::facts);
    assertThat(recording.isOpen(RecordingPart.MEDIA)).isFalse();
  }

  @Test
  void sessionKey_servesOneRecording_whichASecondLeavesAlone() throws IOException {
    byte[] plaintext = randomBytes(100_000);
    WrappedSessionKey key = sessionKey(List.of(FIRST));
    MemoryRecording recording = MemoryRecording.seekable();
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7, key, recording, RecordingOptions.live(), RANDOM)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> RecordingWriter.open(
              RecordingFormat.PKCS7,
              key,
              MemoryRecording.seekable(),
              RecordingOptions.live(),
              RANDOM))
          .withMessageContaining("used before");
      writer.write(ByteBuffer.wrap(plaintext));
    }

    assertThat(CmsOracle.decrypt(recording.media(), FIRST)).isEqualTo(plaintext);
  }

  @Test
  void afterAFailedWrite_theWriterOnlyCloses() throws IOException {
    FullDisk disk = new FullDisk(100_000);
    RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        sessionKey(List.of(FIRST)),
        part -> disk,
        RecordingOptions.live(),
        RANDOM);

    assertThatIOException()
        .isThrownBy(() -> writer.write(ByteBuffer.allocate(200_000)))
        .withMessage("disk full");
    assertThatIOException()
        .isThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
        .withMessageContaining("failed before");
    assertThatIOException()
        .isThrownBy(writer::writeFinishedBlocks)
        .withMessageContaining("failed before");
    int written = disk.written;
    writer.close();
    writer.close();

    assertThat(disk.written).isEqualTo(written);
    assertThat(disk.isOpen()).isFalse();
    assertThatIllegalStateException().isThrownBy(writer::facts);
    assertThat(writer.isOpen()).isFalse();
    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(() -> writer.write(ByteBuffer.allocate(1)));
  }

  @Test
  void failureWhileOpening_leavesNothingOpen() {
    MemoryRecording recording = MemoryRecording.seekable();
    WrappedSessionKey key = sessionKey(List.of(FIRST));

    assertThatIOException()
        .isThrownBy(() -> RecordingWriter.open(
            RecordingFormat.PKCS7,
            key,
            part -> {
              if (part == RecordingPart.MAC) {
                throw new IOException("no room for tags");
              }
              return recording.create(part);
            },
            RecordingOptions.live().withMac(CONTEXT),
            RANDOM))
        .withMessage("no room for tags");

    assertThat(recording.isOpen(RecordingPart.MEDIA)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> key.take(RecordingFormat.PKCS7));
  }

  @Test
  void sessionKey_servesOneRecording() throws IOException {
    WrappedSessionKey key = sessionKey(List.of(FIRST));
    RecordingWriter.open(
            RecordingFormat.PKCS7, key, MemoryRecording.seekable(), RecordingOptions.live(), RANDOM)
        .close();

    assertThatIllegalStateException()
        .isThrownBy(() -> RecordingWriter.open(
            RecordingFormat.PKCS7,
            key,
            MemoryRecording.seekable(),
            RecordingOptions.live(),
            RANDOM))
        .withMessageContaining("used before");
  }

  @Test
  void recipients_areOneToSixteen() {
    assertThatIllegalArgumentException().isThrownBy(() -> sessionKey(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> sessionKey(Stream.concat(PARTIES.stream(), Stream.of(FIRST)).toList()));
  }

  /** Takes so many bytes and no more. */
  private static final class FullDisk implements WritableByteChannel {
    private final int capacity;
    private int written;
    private boolean open = true;

    FullDisk(int capacity) {
      this.capacity = capacity;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (written + source.remaining() > capacity) {
        throw new IOException("disk full");
      }
      int length = source.remaining();
      written += length;
      source.position(source.limit());
      return length;
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
