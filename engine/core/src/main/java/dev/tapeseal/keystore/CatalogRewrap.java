package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingRewrap;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.RewrapOutcome.Result;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.PendingReplacement;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the session keys of a store's recordings under other certificates: how a certificate is retired. Their
 * content, and their {@code .mac}, stay as they are.
 *
 * <p>A media file is opened and its last piece decrypted before its envelope is replaced, durably and in one step; then
 * the metadata are. So a process that dies at any point leaves each file under its old recipients or its new ones, and
 * the next run goes on: what has the new recipients already costs it no RSA, and metadata that lag behind are brought up
 * to date. It does not revoke: who once had a session key keeps it, and so does a backup of the store.
 *
 * <p>A file costs an RSA decryption, an RSA encryption a certificate, and four to six fsyncs; one in {@code pkcs7} is
 * also copied. Confined to one thread. It is longer than most classes because all that can become of a file is decided
 * here.
 */
public final class CatalogRewrap {
  private final RecordingStore store;
  private final Keys keys;
  private final List<RecordingCertificate> certificates;
  private final @Nullable RecordingCertificate covering;
  private final SecureRandom random = new SecureRandom();

  /** Whether files are changed. */
  public enum Mode {
    /** Each file is opened, to see that it could be rewrapped, and nothing is changed. */
    DRY_RUN,
    CHANGE
  }

  /** The private keys that open what there is. */
  public interface Keys {
    /** Whether one of them opens a media file, going by its metadata. */
    boolean opens(MediaEncryption encryption);

    /** What opens it. */
    KeyUnwrapper unwrapper(MediaEncryption encryption);
  }

  private CatalogRewrap(
      RecordingStore store,
      Keys keys,
      List<RecordingCertificate> certificates,
      @Nullable RecordingCertificate covering) {
    this.store = store;
    this.keys = keys;
    this.certificates = List.copyOf(certificates);
    this.covering = covering;
  }

  /**
   * Readies a rewrap of what the keys open; other recordings stay as they are.
   *
   * @param certificates 1 to 16, each once: all the recipients that a recording has afterwards; whether they may be used
   *     was asked before
   */
  public static CatalogRewrap of(
      RecordingStore store, Keys keys, List<RecordingCertificate> certificates) {
    return new CatalogRewrap(store, keys, certificates, null);
  }

  /** The same of those recordings alone that are encrypted for a certificate's key; one that no key opens then fails. */
  public CatalogRewrap covering(RecordingCertificate certificate) {
    return new CatalogRewrap(store, keys, certificates, certificate);
  }

  /**
   * Rewraps what a query finds, newest first.
   *
   * @param progress told of each media file as soon as it is done, by the calling thread
   * @throws IOException where the catalog cannot be read; a file that fails does not throw
   */
  public RewrapReport run(RecordingQuery query, Mode mode, Consumer<RewrapOutcome> progress)
      throws IOException {
    RewrapReport.Count count = new RewrapReport.Count();
    String cursor = null;
    do {
      Page page = store.query(query.withCursor(cursor));
      for (Recording recording : page.recordings()) {
        run(recording, mode, count, progress);
      }
      cursor = page.next();
    } while (cursor != null);
    return count.report();
  }

  /**
   * Rewraps one recording.
   *
   * @throws NoSuchFileException where there is none of this id
   */
  public RewrapReport run(RecordingId id, Mode mode, Consumer<RewrapOutcome> progress)
      throws IOException {
    RewrapReport.Count count = new RewrapReport.Count();
    run(
        store
            .find(id)
            .orElseThrow(() ->
                new NoSuchFileException(id.value(), null, "the store has no recording of this id")),
        mode,
        count,
        progress);
    return count.report();
  }

  private void run(
      Recording recording, Mode mode, RewrapReport.Count count, Consumer<RewrapOutcome> progress) {
    count.addRecording();
    for (MediaFile file : recording.mediaFiles()) {
      RewrapOutcome outcome = outcome(recording.id(), file, mode);
      count.add(outcome);
      progress.accept(outcome);
    }
  }

  private RewrapOutcome outcome(RecordingId id, MediaFile file, Mode mode) {
    try {
      return new RewrapOutcome(id, file.mediaId(), rewrap(id, file, mode), "");
    } catch (IOException | IllegalArgumentException e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      return new RewrapOutcome(id, file.mediaId(), Result.FAILED, reason);
    }
  }

  private Result rewrap(RecordingId id, MediaFile file, Mode mode) throws IOException {
    MediaEncryption encryption = file.encryption();
    if (encryption == null) {
      return Result.CLEAR;
    }
    RecordingSource source =
        part -> store.findMedia(id, file.mediaId(), MediaSuffix.of(part.suffix()));
    if (EnvelopeInfo.of(source).isFor(certificates)) {
      if (encryption.recipients().equals(newRecipients())) {
        return Result.ALREADY_REWRAPPED;
      }
      if (mode == Mode.CHANGE) { // an earlier run ended between the two
        store.update(
            id,
            recording -> recording.toBuilder()
                .media(rewrapped(Objects.requireNonNull(
                    recording.mediaFile(file.mediaId()), "update refuses other media files")))
                .build());
      }
      return Result.REWRAPPED;
    }
    if (covering != null ? !isFor(encryption, covering) : !keys.opens(encryption)) {
      return Result.NOT_COVERED;
    }
    KeyUnwrapper unwrapper = keys.unwrapper(encryption);
    RecordingExpectation expectation = RecordingExpectation.ofCatalog(
        null, encryption.macId(), encryption.fileId(), encryption.commitment());
    switch (mode) {
      case DRY_RUN -> RecordingReader.open(source, unwrapper, expectation).close();
      case CHANGE -> replace(id, file, source, unwrapper, expectation);
    }
    return Result.REWRAPPED;
  }

  private void replace(
      RecordingId id,
      MediaFile file,
      RecordingSource source,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation)
      throws IOException {
    @Nullable PendingReplacement[] begun = new PendingReplacement[1];
    try {
      RecordingRewrap.rewrap(
          source,
          unwrapper,
          expectation,
          certificates,
          part -> {
            PendingReplacement pending =
                store.replaceFile(id, file.mediaId(), MediaSuffix.of(part.suffix()));
            begun[0] = pending;
            return pending.channel();
          },
          random);
      Objects.requireNonNull(begun[0], "a rewrap writes one part")
          .commit(CatalogRewrap.this::rewrapped);
    } finally {
      if (begun[0] != null) {
        begun[0].close();
      }
    }
  }

  private static boolean isFor(MediaEncryption encryption, RecordingCertificate certificate) {
    return encryption.recipients().stream()
        .anyMatch(recipient -> recipient.publicKeySha256() != null
            ? recipient.publicKeySha256().equals(certificate.publicKeySha256())
            : isNamed(recipient, certificate));
  }

  private static boolean isNamed(MediaRecipient recipient, RecordingCertificate certificate) {
    return recipient.issuer() == null
        ? certificate.subjectKeyIdentifier().hex().equals(recipient.subjectKeyIdentifier())
        : recipient.issuer().equals(certificate.issuer())
            && certificate.identifier().serialNumber().equals(recipient.serialNumber());
  }

  private MediaFile rewrapped(MediaFile file) {
    MediaEncryption before = Objects.requireNonNull(
        file.encryption(),
        "metadata of a recording that is being rewrapped say how it is encrypted");
    return file.toBuilder()
        .encryption(new MediaEncryption(
            before.format(),
            newRecipients(),
            before.fileId(),
            before.macId(),
            before.commitment(),
            before.plaintextBytes()))
        .build();
  }

  private List<MediaRecipient> newRecipients() {
    return certificates.stream()
        .map(certificate -> certificate.named(MediaRecipient::new))
        .toList();
  }
}
