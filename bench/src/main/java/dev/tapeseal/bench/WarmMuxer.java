package dev.tapeseal.bench;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.mux.FoundRecording;
import dev.tapeseal.mux.Muxer;
import dev.tapeseal.mux.RecordingPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A muxer that stays, as a service does: for each line {@code CALL TAB SCREEN TAB OUT} on standard input it muxes once,
 * and answers with the seconds that took. Arguments: the private key and the certificate of encrypted pairs. {@code
 * bench/mux} runs it.
 */
public final class WarmMuxer {
  private static final double NANOS = 1e9;

  private WarmMuxer() {}

  /** Muxes until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Muxer muxer = Muxer.of(WavCoding.FLAC);
    List<RecordingCertificate> certificates =
        List.of(RecordingCertificate.read(Path.of(arguments[1])));
    try (BareKeys keys = BareKeys.read(List.of(Path.of(arguments[0])), List.of(), null);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] files = line.split("\t", -1);
        Path out = Path.of(files[2]);
        RecordingDestination destination = part -> FileChannel.open(
            part == RecordingPart.MEDIA ? out : part.beside(out),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
        long start = System.nanoTime();
        mux(muxer, pair(files[0], files[1]), keys, certificates, destination);
        System.out.printf(Locale.ROOT, "%.4f%n", (System.nanoTime() - start) / NANOS);
      }
    }
  }

  private static RecordingPair pair(String call, String screen) throws Exception {
    return RecordingPair.of(
        FoundRecording.of(call, RecordingSource.ofFile(Path.of(call))),
        FoundRecording.of(screen, RecordingSource.ofFile(Path.of(screen))));
  }

  private static void mux(
      Muxer muxer,
      RecordingPair pair,
      BareKeys keys,
      List<RecordingCertificate> certificates,
      RecordingDestination destination)
      throws IOException {
    if (pair instanceof RecordingPair.EncryptedPair encrypted) {
      Muxer.Decryption decryption = Muxer.Decryption.by(keys, RecordingExpectation.none());
      muxer.mux(
          encrypted,
          Duration.ZERO,
          decryption,
          decryption,
          new Muxer.Encryption(RecordingFormat.PKCS7, certificates, RecordingContext.UNKNOWN),
          destination,
          done -> {});
    } else if (pair instanceof RecordingPair.ClearPair clear) {
      muxer.mux(clear, Duration.ZERO, destination, done -> {});
    }
  }
}
