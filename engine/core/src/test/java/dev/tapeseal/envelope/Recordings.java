package dev.tapeseal.envelope;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.samples.SampleIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What tests of recordings have in common. */
final class Recordings {
  static final RecordingContext CONTEXT =
      new RecordingContext("Environment", "recording-1", "audio/mp3", "call");
  static final SecureRandom RANDOM = new SecureRandom();

  private Recordings() {}

  /** The same bytes for the same length. */
  static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static WrappedSessionKey sessionKey(List<SampleIdentity> recipients) {
    return sessionKey(RecordingFormat.PKCS7, recipients);
  }

  static WrappedSessionKey sessionKey(RecordingFormat format, List<SampleIdentity> recipients) {
    return WrappedSessionKey.generate(
        format, recipients.stream().map(Recordings::certificate).toList(), RANDOM);
  }

  static RecordingCertificate certificate(SampleIdentity identity) {
    try {
      return RecordingCertificate.of(identity.certificate());
    } catch (CertificateUnreadableException e) {
      throw new IllegalStateException("sample " + identity + " can be read", e);
    }
  }

  /** Writes a recording in writes of {@code step} bytes. */
  static RecordingFacts write(
      RecordingDestination destination,
      RecordingOptions options,
      byte[] plaintext,
      int step,
      SampleIdentity... recipients)
      throws IOException {
    return write(RecordingFormat.PKCS7, destination, options, plaintext, step, recipients);
  }

  static RecordingFacts write(
      RecordingFormat format,
      RecordingDestination destination,
      RecordingOptions options,
      byte[] plaintext,
      int step,
      SampleIdentity... recipients)
      throws IOException {
    RecordingWriter writer = RecordingWriter.open(
        format, sessionKey(format, List.of(recipients)), destination, options, RANDOM);
    try (writer) {
      writeInSteps(writer, plaintext, step);
    }
    return writer.facts();
  }

  /** Writes a recording in one of the three forms. */
  static MemoryRecording inForm(
      LengthForm form,
      RecordingOptions options,
      byte[] plaintext,
      int step,
      SampleIdentity... recipients)
      throws IOException {
    MemoryRecording recording =
        form == LengthForm.INDEFINITE ? MemoryRecording.forwardOnly() : MemoryRecording.seekable();
    write(
        recording,
        form == LengthForm.DER ? options.withPlaintextBytes(plaintext.length) : options,
        plaintext,
        step,
        recipients);
    return recording;
  }

  /** Opens a recording as if it came from a pipe. */
  static RecordingStream openStream(MemoryRecording recording, KeyUnwrapper unwrapper)
      throws IOException {
    return RecordingReader.openStream(
        Channels.newChannel(new ByteArrayInputStream(recording.media())),
        recording,
        unwrapper,
        RecordingExpectation.none());
  }

  static void writeInSteps(WritableByteChannel channel, byte[] bytes, int step) throws IOException {
    for (int done = 0; done < bytes.length; done += step) {
      channel.write(ByteBuffer.wrap(bytes, done, Math.min(step, bytes.length - done)));
    }
  }

  /** Reads a channel to its end, in reads of {@code step} bytes. */
  static byte[] readAll(ReadableByteChannel channel, int step) throws IOException {
    byte[] bytes = new byte[1024];
    int length = 0;
    while (true) {
      if (bytes.length < length + step) {
        bytes = Arrays.copyOf(bytes, 2 * (length + step));
      }
      int read = channel.read(ByteBuffer.wrap(bytes, length, step));
      if (read < 0) {
        return Arrays.copyOf(bytes, length);
      }
      length += read;
    }
  }

  /** A session key for tests of the content alone. */
  static ContentEncryptionKey freshKey() {
    return ContentEncryptionKey.generate(RANDOM);
  }
}
