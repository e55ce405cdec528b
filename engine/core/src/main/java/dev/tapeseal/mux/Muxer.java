package dev.tapeseal.mux;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingCopy;
import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.mp4.MuxedMp4;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Muxes one pair at a time, in one pass: two readers, the MP4 file they make, and a writer. An encrypted pair is
 * decrypted in memory alone and encrypted again; a clear pair stays clear.
 *
 * <p>What cannot be muxed is refused before the destination is asked for anything. Memory is that of the screen's
 * {@code moov}, and some 4 MiB. Safe for any thread.
 */
public final class Muxer {
  private final WavCoding wavCoding;
  private final SecureRandom random;

  private Muxer(WavCoding wavCoding, SecureRandom random) {
    this.wavCoding = wavCoding;
    this.random = random;
  }

  /** A muxer; {@code wavCoding} is what a call in WAV becomes. */
  public static Muxer of(WavCoding wavCoding) {
    return new Muxer(wavCoding, new SecureRandom());
  }

  /**
   * How a muxed recording is encrypted.
   *
   * @param certificates 1 to 16, each once; whether they may be used was asked before
   * @param context what the recording is bound to
   */
  public record Encryption(
      RecordingFormat format, List<RecordingCertificate> certificates, RecordingContext context) {
    /** Takes a copy of the list. */
    public Encryption {
      certificates = List.copyOf(certificates);
    }
  }

  /**
   * How an encrypted recording is decrypted: by keys, or by whoever has them. What it opens gives nothing that it could
   * not vouch for, and is closed by the muxer.
   */
  @FunctionalInterface
  public interface Decryption {
    /**
     * The media in clear.
     *
     * @throws UnreadableRecordingException where they do not decrypt
     */
    SeekableByteChannel open(FoundRecording.Encrypted recording) throws IOException;

    /**
     * By keys.
     *
     * @param expectation what is known of the recording beforehand
     */
    static Decryption by(KeyUnwrapper keys, RecordingExpectation expectation) {
      return recording -> {
        try {
          return RecordingReader.open(recording.source(), keys, expectation);
        } catch (EnvelopeException e) {
          throw new UnreadableRecordingException(recording.name(), e);
        }
      };
    }
  }

  /**
   * What was muxed.
   *
   * @param plaintextBytes the MP4 file's length
   * @param duration how long it plays
   * @param authenticated whether every byte that went into it was verified here; false for a clear pair, and where
   *     another decrypted
   * @param facts of the encrypted recording; null where the pair is clear
   */
  public record Muxed(
      long plaintextBytes,
      Duration duration,
      boolean authenticated,
      @Nullable RecordingFacts facts) {}

  /**
   * Muxes two recordings as they are.
   *
   * @param callLater how much later the call starts than the screen; negative where it starts earlier
   * @param destination asked for the media alone
   * @param progress told how many bytes were written so far
   * @throws MediaException where one of them is refused; its message begins with the recording's name
   */
  public Muxed mux(
      RecordingPair.ClearPair pair,
      Duration callLater,
      RecordingDestination destination,
      LongConsumer progress)
      throws IOException {
    try (SeekableByteChannel call = media(pair.call());
        SeekableByteChannel screen = media(pair.screen());
        MuxedMp4 muxed = open(pair.call(), call, pair.screen(), screen, callLater);
        WritableByteChannel target = destination.create(RecordingPart.MEDIA)) {
      RecordingCopy.decrypt(muxed, target, progress); // that is, copies, reading ahead
      return new Muxed(muxed.sizeBytes(), muxed.duration(), false, null);
    }
  }

  /**
   * Decrypts two recordings, muxes and encrypts them.
   *
   * @param callLater how much later the call starts than the screen; negative where it starts earlier
   * @param decryptCall how the call is decrypted
   * @param decryptScreen how the screen is
   * @param destination whose channels are closed with the recording; after an exception what is there is no recording
   * @param progress told how many bytes were encrypted so far
   * @throws UnreadableRecordingException where one of them does not decrypt
   * @throws MediaException where one of them is refused; its message begins with the recording's name
   */
  public Muxed mux(
      RecordingPair.EncryptedPair pair,
      Duration callLater,
      Decryption decryptCall,
      Decryption decryptScreen,
      Encryption encryption,
      RecordingDestination destination,
      LongConsumer progress)
      throws IOException {
    try (SeekableByteChannel call = decryptCall.open(pair.call());
        SeekableByteChannel screen = decryptScreen.open(pair.screen());
        MuxedMp4 muxed = open(pair.call(), call, pair.screen(), screen, callLater)) {
      RecordingWriter writer = RecordingWriter.open(
          encryption.format(),
          WrappedSessionKey.generate(encryption.format(), encryption.certificates(), random),
          destination,
          RecordingOptions.live()
              .withPlaintextBytes(muxed.sizeBytes())
              .withMac(encryption.context()),
          random);
      try (writer) {
        RecordingCopy.encrypt(muxed, writer, progress);
      }
      return new Muxed(
          muxed.sizeBytes(),
          muxed.duration(),
          isAuthenticated(call) && isAuthenticated(screen),
          writer.facts());
    }
  }

  private MuxedMp4 open(
      FoundRecording call,
      SeekableByteChannel callMedia,
      FoundRecording screen,
      SeekableByteChannel screenMedia,
      Duration callLater)
      throws IOException {
    try {
      return MuxedMp4.open(screenMedia, callMedia, callLater, wavCoding);
    } catch (MediaException e) {
      String message = String.valueOf(e.getMessage());
      throw e.in(message.startsWith("call") ? call.name() : screen.name());
    }
  }

  private static boolean isAuthenticated(SeekableByteChannel media) {
    return media instanceof RecordingReader reader && reader.isAuthenticated();
  }

  private static SeekableByteChannel media(FoundRecording recording) throws IOException {
    SeekableByteChannel media = recording.source().open(RecordingPart.MEDIA);
    if (media == null) {
      throw new IOException(recording.name() + ": its media are gone");
    }
    return media;
  }
}
