package dev.tapeseal.mux;

import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the call recording that a screen recording belongs to: the call whose UUID it has, of the same tenant and agent,
 * at the same time; where it has none, the first call that was started for its agent while it ran. Of an agent's calls
 * that overlap, the later ones have no screen of their own.
 */
final class PairSearch {
  private static final String AUDIO = "audio/";
  private static final String VIDEO = "video/";

  private final RecordingStore store;

  PairSearch(RecordingStore store) {
    this.store = store;
  }

  /** The pair that a screen recording makes; empty where its call is not (yet) there. */
  Optional<CatalogPair> pairOf(Recording screen) throws IOException {
    Optional<MediaFile> screenFile = screen.mediaFiles().stream()
        .filter(file -> file.type().startsWith(VIDEO))
        .findFirst();
    if (screenFile.isEmpty()) {
      return Optional.empty();
    }
    Instant screenStarted = startOf(screen, screenFile.get());
    Optional<Recording> call = screen.callUuid().isEmpty() ? firstOfAgent(screen) : ofUuid(screen);
    if (call.isEmpty() || screenStarted == null) {
      return Optional.empty();
    }
    return call.get().mediaFiles().stream()
        .filter(file -> file.type().startsWith(AUDIO))
        .filter(file -> isOfAgent(file, screen.agentId()))
        .findFirst()
        .flatMap(file -> {
          Instant callStarted = startOf(call.get(), file);
          return callStarted == null
              ? Optional.empty()
              : Optional.of(new CatalogPair(
                  call.get(), file, callStarted, screen, screenFile.get(), screenStarted));
        });
  }

  private Optional<Recording> ofUuid(Recording screen) throws IOException {
    Optional<RecordingId> id = callId(screen.callUuid());
    Optional<Recording> named = id.isEmpty() ? Optional.empty() : store.find(id.get());
    Stream<Recording> candidates = named.isPresent()
        ? named.stream()
        : all(RecordingQuery.ALL.withCallUuid(screen.callUuid()));
    return candidates
        .filter(call -> call.kind() == RecordingKind.CALL)
        .filter(call -> call.tenant().equals(screen.tenant()))
        .filter(call -> overlaps(call, screen))
        .findFirst();
  }

  private Optional<Recording> firstOfAgent(Recording screen) throws IOException {
    if (screen.agentId().isEmpty()) {
      return Optional.empty();
    }
    return all(RecordingQuery.ALL.withAgentId(screen.agentId()).withTenant(screen.tenant()))
        .filter(call -> call.kind() == RecordingKind.CALL)
        .filter(call -> overlaps(call, screen))
        .min(Comparator.comparing(call -> started(call)));
  }

  private Stream<Recording> all(RecordingQuery query) throws IOException {
    Stream.Builder<Recording> all = Stream.builder();
    String cursor = null;
    do {
      Page page = store.query(query.withKind(RecordingKind.CALL).withCursor(cursor));
      page.recordings().forEach(all);
      cursor = page.next();
    } while (cursor != null);
    return all.build();
  }

  private static boolean isOfAgent(MediaFile file, String agentId) {
    return agentId.isEmpty() || file.agentId().isEmpty() || file.agentId().equals(agentId);
  }

  /** A recording without an end may go on. */
  private static boolean overlaps(Recording call, Recording screen) {
    return !started(call).isAfter(stopped(screen)) && !started(screen).isAfter(stopped(call));
  }

  private static Instant started(Recording recording) {
    Instant started = recording.started();
    return started == null ? Instant.EPOCH : started;
  }

  private static Instant stopped(Recording recording) {
    Instant stopped = recording.stopped();
    return stopped == null ? Instant.MAX : stopped;
  }

  private static @Nullable Instant startOf(Recording recording, MediaFile file) {
    Instant started = file.started();
    return started == null ? recording.started() : started;
  }

  private static Optional<RecordingId> callId(String callUuid) {
    try {
      return Optional.of(new RecordingId(callUuid));
    } catch (IllegalArgumentException e) { // a UUID that names no recording
      return Optional.empty();
    }
  }
}
