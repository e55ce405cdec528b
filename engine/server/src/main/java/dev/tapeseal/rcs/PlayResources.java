package dev.tapeseal.rcs;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Representation;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Media of stored recordings, decrypted as the client reads them, by ranges. */
final class PlayResources {
  private final RecordingKeyStore keys;
  private final RecordingStore store;
  private final SessionKeyCache sessionKeys;
  private final AuditLog audit;
  private final Players players;

  PlayResources(
      RecordingKeyStore keys,
      RecordingStore store,
      SessionKeyCache sessionKeys,
      AuditLog audit,
      Players players) {
    this.keys = keys;
    this.store = store;
    this.sessionKeys = sessionKeys;
    this.audit = audit;
    this.players = players;
  }

  List<Route> routes(Guard mayDecrypt) {
    List<Route> routes = new ArrayList<>();
    for (RecordingKind kind : RecordingKind.values()) {
      routes.add(Route.get("/rcs/contact-centers/{contactCenterId}/" + kind.collection()
              + "/{id}/play/{mediaFile}")
          .guardedBy(mayDecrypt)
          .playingFor("rcs")
          .handledBy(request -> play(request, kind)));
    }
    return routes;
  }

  private Response play(Request request, RecordingKind kind) throws IOException {
    Recording recording = find(request, kind);
    MediaFile media = mediaFile(request, recording);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("user", players.of(request));
    facts.put("recording", recording.id().value());
    facts.put("media", media.mediaId().value());
    facts.put("range", request.header("Range").orElse("all"));
    long lengthBytes = length(recording, media, facts);
    return Response.content(new Representation(
        () -> play(recording, media, facts, lengthBytes),
        lengthBytes,
        Optional.of("\"" + media.mediaId() + "-" + lengthBytes + "\""),
        Optional.ofNullable(media.stopped()),
        media.type().isEmpty() ? "application/octet-stream" : media.type()));
  }

  /** What metadata say costs nothing; where they do not, or for clear media, the stored file is asked. */
  private long length(Recording recording, MediaFile media, Map<String, String> facts)
      throws IOException {
    MediaEncryption encryption = media.encryption();
    if (encryption != null && encryption.plaintextBytes() >= 0) {
      return encryption.plaintextBytes();
    }
    try (SeekableByteChannel plaintext = open(recording, media, facts)) {
      return plaintext.size();
    }
  }

  private SeekableByteChannel play(
      Recording recording, MediaFile media, Map<String, String> facts, long lengthBytes)
      throws IOException {
    SeekableByteChannel plaintext = open(recording, media, facts);
    boolean playing = false;
    try {
      if (plaintext.size() != lengthBytes) {
        throw refused(
            new EnvelopeException.Damaged("length: " + plaintext.size() + " bytes (expected: "
                + lengthBytes + ", as the metadata say)"),
            facts);
      }
      facts.put("outcome", "opened");
      audit.add("play", facts);
      playing = true;
      return plaintext;
    } finally {
      if (!playing) {
        plaintext.close();
      }
    }
  }

  private SeekableByteChannel open(Recording recording, MediaFile media, Map<String, String> facts)
      throws IOException {
    MediaEncryption encryption = media.encryption();
    try {
      return encryption == null
          ? store.openMedia(recording.id(), media.mediaId(), MediaSuffix.CONTENT)
          : decrypting(recording, media, encryption, facts);
    } catch (EnvelopeException | NoSuchFileException e) {
      throw refused(e, facts);
    }
  }

  /** The same failure, which the audit has now. */
  private <E extends IOException> E refused(E failure, Map<String, String> facts)
      throws IOException {
    facts.put("outcome", "refused: " + failure.getMessage());
    audit.add("play", facts);
    return failure;
  }

  private SeekableByteChannel decrypting(
      Recording recording, MediaFile media, MediaEncryption encryption, Map<String, String> facts)
      throws IOException {
    RecordingExpectation expectation = RecordingExpectation.ofCatalog(
        null, encryption.macId(), encryption.fileId(), encryption.commitment());
    return RecordingReader.open(
        new StoredParts(store, recording.id(), media.mediaId()),
        sessionKeys.caching(
            audit -> keys.unwrapperForService(encryption, audit), (entry, outcome) -> {
              facts.put("certificate", entry.alias());
              facts.put("unwrap", outcome.name());
            }),
        expectation);
  }

  private Recording find(Request request, RecordingKind kind) throws IOException {
    try {
      return store
          .find(new RecordingId(request.pathParameter("id")))
          .filter(recording -> recording.kind() == kind
              && recording
                  .tenant()
                  .contactCenterId()
                  .equals(request.pathParameter("contactCenterId")))
          .orElseThrow(PlayResources::notFound);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static MediaFile mediaFile(Request request, Recording recording) {
    try {
      MediaFile media = recording.mediaFile(new MediaId(request.pathParameter("mediaFile")));
      if (media != null) {
        return media;
      }
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
    throw notFound();
  }

  private static HttpException notFound() {
    return new HttpException(
        404, "not-found", "There is no such recording.", "Check its id and its media file.");
  }
}
