package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.DamagedContentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts recordings' session keys under other certificates. Of sealed and detached recordings the envelope alone is
 * written anew; {@code pkcs7} is, around the same ciphertext, in DER. No {@code .mac} changes.
 *
 * <p>It does not revoke: who once had the session key keeps it.
 */
public final class RecordingRewrap {
  private static final int COPY_BYTES = 256 * 1024;

  private RecordingRewrap() {}

  /**
   * What was done.
   *
   * @param format the recording's
   * @param replaced the part that was written anew
   * @param before whose private keys opened the recording before
   * @param after whose do now
   */
  public record Result(
      RecordingFormat format,
      RecordingPart replaced,
      List<Recipient> before,
      List<Recipient> after) {
    /** Takes copies of the lists. */
    public Result {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /**
   * Encrypts one recording's session key anew. The recording is opened and its last piece decrypted first, so that a key
   * that is not its own gets into no envelope.
   *
   * @param source the recording; its channels are closed
   * @param unwrapper has a private key for it
   * @param expectation what is known of it
   * @param certificates 1 to {@value RecipientInfos#MAX_RECIPIENTS}, each once; whether they may be used was asked before
   * @param destination asked for the one part that is written anew, which it then puts in the place of the old one; its
   *     channel is closed
   * @throws EnvelopeException as {@link RecordingReader#open} throws
   */
  public static Result rewrap(
      RecordingSource source,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation,
      List<RecordingCertificate> certificates,
      RecordingDestination destination,
      SecureRandom random)
      throws IOException {
    RecipientInfos.requireSome(certificates);
    OpenObjects objects = new OpenObjects();
    try (objects) {
      OpenedRecording opened = OpenedRecording.open(source, objects);
      opened.check(expectation);
      Target target = new Target(certificates, destination, random);
      RecordingPart replaced = opened.rewrap(target, unwrapper, objects);
      return new Result(opened.format(), replaced, opened.recipients(), target.recipients);
    } catch (DamagedContentException e) {
      throw RecordingReader.damaged(e);
    }
  }

  /** Whom it is encrypted for anew, and where that goes. */
  static final class Target {
    private final List<RecordingCertificate> certificates;
    private final RecordingDestination destination;
    private final SecureRandom random;
    private List<Recipient> recipients = List.of();

    Target(
        List<RecordingCertificate> certificates,
        RecordingDestination destination,
        SecureRandom random) {
      this.certificates = certificates;
      this.destination = destination;
      this.random = random;
    }

    SecureRandom random() {
      return random;
    }

    RecipientInfos recipientsOf(RecordingFormat format, ContentEncryptionKey key) {
      RecipientInfos infos = WrappedSessionKey.recipients(format, key, certificates, random);
      recipients = infos.recipients();
      return infos;
    }

    /** Writes an envelope, and the octets behind it, if any. */
    RecordingPart write(RecordingPart part, byte[] envelope, @Nullable SeekableByteChannel octets)
        throws IOException {
      try (WritableByteChannel channel = destination.create(part)) {
        writeAll(channel, ByteBuffer.wrap(envelope));
        if (octets != null) {
          ByteBuffer copy = ByteBuffer.allocate(COPY_BYTES);
          octets.position(0);
          while (octets.read(copy.clear()) >= 0) {
            writeAll(channel, copy.flip());
          }
        }
      }
      return part;
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
