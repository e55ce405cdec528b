package dev.tapeseal.mux;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.mux.PairOutcome.Cause;
import dev.tapeseal.mux.PairOutcome.Result;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.PendingMedia;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Muxes the pairs of a catalog: each becomes one more media file of its call recording.
 *
 * <p>A pair that is muxed is not muxed again. Several threads and processes share the work; a process that dies leaves
 * the pair as it was. One that fails does not stop the others, and is tried again, each time after a longer while; one
 * that is refused is not. Safe for any thread.
 *
 * <p>It is longer than most classes because all that can become of a pair is decided here.
 */
public final class CatalogMuxer {
  private static final int ATTEMPTS = 3;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration FIRST_REST = Duration.ofMinutes(1);
  private static final Duration LONGEST_REST = Duration.ofHours(1);
  private static final Duration FOR_GOOD = Duration.ofDays(10_000);

  private final RecordingStore store;
  private final PairClaims claims;
  private final Muxer muxer;
  private final @Nullable CatalogDecryption decryption;
  private final MuxCertificates certificates;
  private final @Nullable RecordingFormat format;
  private final Map<MediaId, Rest> resting = new ConcurrentHashMap<>();

  /** When a pair is looked at again, and for how long it rests after the next failure. */
  private record Rest(long untilNanos, Duration next) {}

  private CatalogMuxer(
      RecordingStore store,
      PairClaims claims,
      Muxer muxer,
      @Nullable CatalogDecryption decryption,
      MuxCertificates certificates,
      @Nullable RecordingFormat format) {
    this.store = store;
    this.claims = claims;
    this.muxer = muxer;
    this.decryption = decryption;
    this.certificates = certificates;
    this.format = format;
  }

  /**
   * A muxer of clear pairs, which refuses encrypted ones until it has keys and certificates.
   *
   * @param claims a folder that all processes which work on the store share
   */
  public static CatalogMuxer of(RecordingStore store, Path claims, Muxer muxer) {
    return new CatalogMuxer(
        store, new PairClaims(claims), muxer, null, MuxCertificates.always(List.of()), null);
  }

  /**
   * The same, of encrypted pairs, too.
   *
   * @param decryption any thread may use it
   * @param certificates those that screens and calls are recorded under now
   * @param format how muxed recordings lie; null where each lies as its screen does
   */
  public CatalogMuxer withEncryption(
      CatalogDecryption decryption,
      MuxCertificates certificates,
      @Nullable RecordingFormat format) {
    return new CatalogMuxer(store, claims, muxer, decryption, certificates, format);
  }

  /** How the encrypted recordings of a catalog are decrypted. */
  @FunctionalInterface
  public interface CatalogDecryption {
    /** How one media file of a recording is. */
    Muxer.Decryption of(Recording recording, MediaFile file);

    /** By keys; what the catalog knows of a recording beforehand is held against it. */
    static CatalogDecryption by(KeyUnwrapper keys) {
      return (recording, file) -> Muxer.Decryption.by(keys, expectation(recording, file));
    }
  }

  /**
   * Muxes what is there and not muxed yet. Of a pair that an earlier run of this object finished nothing is said any
   * more; one that was refused or failed rests, a minute at first and an hour at last.
   *
   * @param screens which screen recordings to look at; their calls may be any
   * @param workers how many pairs at a time
   * @param progress told each outcome as soon as it is known, by the calling thread
   * @throws IOException where the catalog cannot be read; a pair that fails does not throw
   */
  public MuxReport run(RecordingQuery screens, int workers, Consumer<PairOutcome> progress)
      throws IOException {
    PairSearch search = new PairSearch(store);
    List<Future<PairOutcome>> started = new ArrayList<>();
    List<PairOutcome> outcomes = new ArrayList<>();
    int withoutCall = 0;
    ExecutorService threads = Executors.newFixedThreadPool(workers, work -> {
      Thread thread = new Thread(work, "tapeseal-mux");
      thread.setDaemon(true);
      return thread;
    });
    try {
      String cursor = null;
      do {
        Page page = store.query(screens.withKind(RecordingKind.SCREEN).withCursor(cursor));
        for (Recording screen : page.recordings()) {
          Optional<CatalogPair> pair = search.pairOf(screen);
          if (pair.isEmpty()) {
            withoutCall++;
          } else if (!isResting(pair.get())) {
            started.add(threads.submit(() -> outcome(pair.get())));
          }
        }
        cursor = page.next();
      } while (cursor != null);
      for (Future<PairOutcome> work : started) {
        PairOutcome outcome = work.get();
        outcomes.add(outcome);
        progress.accept(outcome);
      }
      return new MuxReport(outcomes, withoutCall);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("muxing was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a pair's failure is an outcome", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean isResting(CatalogPair pair) {
    Rest rest = resting.get(pair.muxedId());
    return rest != null && rest.untilNanos() - System.nanoTime() > 0;
  }

  private void rest(CatalogPair pair, Result result) {
    resting.compute(pair.muxedId(), (id, before) -> {
      Duration now = switch (result) {
        case MUXED, ALREADY_MUXED -> FOR_GOOD;
        case TAKEN -> Duration.ZERO;
        case REFUSED, FAILED -> before == null ? FIRST_REST : before.next();
      };
      Duration doubled = now.multipliedBy(2);
      return new Rest(
          System.nanoTime() + now.toNanos(),
          doubled.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : doubled);
    });
  }

  private PairOutcome outcome(CatalogPair pair) throws InterruptedException {
    long start = System.nanoTime();
    Duration wait = FIRST_WAIT;
    for (int attempt = 1; ; attempt++) {
      Result result;
      Cause cause = Cause.NONE;
      String reason = "";
      long bytes = 0;
      boolean again = false;
      try (AutoCloseable claim = claims.claim(pair)) {
        if (claim == null) {
          result = Result.TAKEN;
        } else if (isMuxedByNow(pair)) {
          result = Result.ALREADY_MUXED;
        } else {
          bytes = mux(pair);
          result = Result.MUXED;
        }
      } catch (FileAlreadyExistsException e) {
        result = Result.ALREADY_MUXED; // by a process that does not share the claims
      } catch (MixedPairException
          | MediaException
          | UnreadableRecordingException
          | IllegalArgumentException e) {
        result = Result.REFUSED;
        cause = causeOf(e);
        reason = String.valueOf(e.getMessage());
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        result = Result.FAILED;
        cause = Cause.STORAGE;
        reason = e.getMessage() == null ? e.toString() : e.getMessage();
        again = attempt < ATTEMPTS;
      }
      if (!again) {
        rest(pair, result);
        boolean there = result == Result.MUXED || result == Result.ALREADY_MUXED;
        return new PairOutcome(
            pair.call().id().value(),
            pair.screen().id().value(),
            result,
            cause,
            reason,
            there ? pair.muxedId().value() : "",
            bytes,
            Duration.ofNanos(System.nanoTime() - start),
            attempt);
      }
      Thread.sleep(wait.toMillis());
      wait = wait.multipliedBy(4);
    }
  }

  private static Cause causeOf(Exception refusal) {
    if (refusal instanceof MixedPairException mixed) {
      return switch (mixed.plain()) {
        case CALL -> Cause.CALL_PLAIN;
        case SCREEN -> Cause.SCREEN_PLAIN;
      };
    }
    if (refusal instanceof MediaException) {
      return Cause.MEDIA;
    }
    return refusal instanceof UnreadableRecordingException ? Cause.UNREADABLE : Cause.UNPREPARED;
  }

  private boolean isMuxedByNow(CatalogPair pair) throws IOException {
    if (pair.isMuxed()) {
      return true;
    }
    Optional<Recording> call = store.find(pair.call().id());
    return call.isPresent()
        && new CatalogPair(
                call.get(),
                pair.callFile(),
                pair.callStarted(),
                pair.screen(),
                pair.screenFile(),
                pair.screenStarted())
            .isMuxed();
  }

  /** Muxes a pair into the store, and answers the MP4 file's length. */
  private long mux(CatalogPair pair) throws IOException, MixedPairException {
    RecordingPair recordings = RecordingPair.of(
        FoundRecording.of(
            pair.call().id() + "/" + pair.callFile().mediaId(),
            source(pair.call(), pair.callFile())),
        FoundRecording.of(
            pair.screen().id() + "/" + pair.screenFile().mediaId(),
            source(pair.screen(), pair.screenFile())));
    try (PendingMedia pending = store.addMedia(pair.call().id())) {
      RecordingDestination destination =
          part -> pending.create(pair.muxedId(), MediaSuffix.of(part.suffix()));
      List<RecordingCertificate> recipients = List.of();
      Muxer.Muxed muxed;
      if (recordings instanceof RecordingPair.EncryptedPair encrypted) {
        recipients = certificates.of(pair.callFile());
        if (decryption == null || recipients.isEmpty()) {
          throw new IllegalArgumentException(
              "an encrypted pair without keys and certificates (expected: a private key to decrypt it, and"
                  + " recording certificates to encrypt it under)");
        }
        muxed = muxer.mux(
            encrypted,
            pair.callLater(),
            decryption.of(pair.call(), pair.callFile()),
            decryption.of(pair.screen(), pair.screenFile()),
            new Muxer.Encryption(
                format != null ? format : formatOf(encrypted.screen()),
                recipients,
                context(pair.call(), MediaType.MP4.mimeType(), "muxed")),
            destination,
            done -> {});
      } else if (recordings instanceof RecordingPair.ClearPair clear) {
        muxed = muxer.mux(clear, pair.callLater(), destination, done -> {});
      } else {
        throw new IllegalStateException("a pair is encrypted or clear");
      }
      pending.commit(describe(pair, muxed, recipients));
      return muxed.plaintextBytes();
    }
  }

  private RecordingSource source(Recording recording, MediaFile file) {
    return part -> store.findMedia(recording.id(), file.mediaId(), MediaSuffix.of(part.suffix()));
  }

  /** What the catalog knows of an encrypted file beforehand: so that no other is put in its place. */
  private static RecordingExpectation expectation(Recording recording, MediaFile file) {
    MediaEncryption encryption = file.encryption();
    if (encryption == null) {
      return RecordingExpectation.none();
    }
    return RecordingExpectation.ofCatalog(
        context(recording, file.type(), recording.kind() == RecordingKind.CALL ? "call" : "screen"),
        encryption.macId(),
        encryption.fileId(),
        encryption.commitment());
  }

  private static RecordingContext context(Recording recording, String mediaType, String track) {
    return new RecordingContext(
        recording.tenant().name(), recording.id().value(), mediaType, track);
  }

  private static RecordingFormat formatOf(FoundRecording.Encrypted screen) throws IOException {
    try {
      return EnvelopeInfo.of(screen.source()).format();
    } catch (EnvelopeException e) {
      throw new UnreadableRecordingException(screen.name(), e);
    }
  }

  private static MediaFile describe(
      CatalogPair pair, Muxer.Muxed muxed, List<RecordingCertificate> recipients) {
    MediaFile.Builder file = MediaFile.builder(pair.muxedId(), MediaType.MP4.mimeType())
        .started(pair.started())
        .stopped(pair.started().plus(muxed.duration()))
        .duration(muxed.duration())
        .callUuid(pair.callFile().callUuid())
        .tenant(pair.callFile().tenant())
        .ivrProfile(pair.callFile().ivrProfile())
        .playPath("/recordings/" + pair.call().id() + "/play/" + pair.muxedId())
        .parameter(CatalogPair.MUXED_FROM, pair.muxedFrom())
        .agentId(pair.screen().agentId());
    RecordingFacts facts = muxed.facts();
    if (facts != null) {
      file.encryption(new MediaEncryption(
          facts.format().label(),
          recipients.stream()
              .map(certificate -> certificate.named(MediaRecipient::new))
              .toList(),
          facts.fileId(),
          facts.macId(),
          facts.commitment(),
          facts.plaintextBytes()));
    }
    return file.build();
  }
}
