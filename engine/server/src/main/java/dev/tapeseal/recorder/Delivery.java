package dev.tapeseal.recorder;

import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaStorage;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingPlace;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings recordings from the store where they wait to their destinations: media and their companions are put, then
 * metadata are posted, then the recording is removed here. Whatever fails is tried again, after ever longer pauses from
 * one second to five minutes, for as long as it takes; a restart begins anew. Every step may be repeated.
 *
 * <p>What waits is what capture stored: of an encrypted recording ciphertext and metadata. Where a destination cannot be
 * reached the others are not held up: its recordings are left out until its pause is over. Confined to one thread.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final RecordingStore waiting;
  private final Profiles profiles;
  private final DeliveryAccounts accounts;
  private final MetadataPost metadata;
  private final Clock clock;
  private final Map<RecordingId, Pause> pauses = new HashMap<>();

  /** When a recording is tried again, and how long it waited for that. */
  private record Pause(Instant until, Duration length) {
    static Pause after(Optional<Pause> before, Instant now) {
      Duration length = before
          .map(pause -> pause.length().multipliedBy(2))
          .filter(doubled -> doubled.compareTo(LONGEST_PAUSE) < 0)
          .orElse(before.isPresent() ? LONGEST_PAUSE : FIRST_PAUSE);
      return new Pause(now.plus(length), length);
    }
  }

  Delivery(RecordingStore waiting, Profiles profiles, DeliveryAccounts accounts, Clock clock) {
    this.waiting = waiting;
    this.profiles = profiles;
    this.accounts = accounts;
    this.metadata = new MetadataPost(accounts.metadata(), accounts.tls());
    this.clock = clock;
  }

  /**
   * Tries everything whose time has come, once.
   *
   * @return how many recordings were delivered
   */
  int deliverDue() throws IOException {
    int delivered = 0;
    Set<String> unreachable = new HashSet<>();
    List<Recording> due = due();
    for (Recording recording : due) {
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
      String storage = "";
      try {
        Destination destination = destination(recording);
        storage = destination.storage().toString();
        if (unreachable.contains(storage)) {
          continue;
        }
        deliver(recording, destination);
        pauses.remove(recording.id());
        delivered++;
      } catch (IOException | RuntimeException e) {
        Pause pause = Pause.after(Optional.ofNullable(pauses.get(recording.id())), clock.instant());
        pauses.put(recording.id(), pause);
        unreachable.add(storage);
        LOG.warn(
            "Recording {} waits {} s for its delivery: {}",
            recording.id(),
            pause.length().toSeconds(),
            String.valueOf(e.getMessage()));
      }
    }
    return delivered;
  }

  private List<Recording> due() throws IOException {
    List<Recording> due = new ArrayList<>();
    Instant now = clock.instant();
    RecordingQuery query = RecordingQuery.ALL.withLimit(1000);
    for (Page page = waiting.query(query); ; ) {
      for (Recording recording : page.recordings()) {
        Pause pause = pauses.get(recording.id());
        if (pause == null || !pause.until().isAfter(now)) {
          due.add(0, recording); // the oldest first
        }
      }
      if (page.next() == null) {
        return due;
      }
      page = waiting.query(query.withCursor(page.next()));
    }
  }

  private Destination destination(Recording recording) throws IOException {
    String profile = recording.mediaFiles().get(0).ivrProfile();
    return Destination.of(profiles.load(new ProfileName(profile)), accounts)
        .orElseThrow(() -> new IOException("IVR profile " + profile
            + " names no storage any more (expected: an http or https address)"));
  }

  /** Delivers one now, whatever pause it is in. */
  void deliver(RecordingId id) throws IOException {
    Recording recording = waiting.find(id).orElseThrow(() -> new NoSuchFileException(id.value()));
    deliver(recording, destination(recording));
    pauses.remove(id);
  }

  private void deliver(Recording listed, Destination destination) throws IOException {
    Recording recording = waiting
        .find(listed.id())
        .orElseThrow(() -> new NoSuchFileException(listed.id().value()));
    Instant started = Optional.ofNullable(recording.started())
        .orElseThrow(() -> new IOException("its metadata say no start"));
    RecordingPlace place = RecordingPlace.of(recording.tenant(), started, recording.id());
    for (MediaFile file : recording.mediaFiles()) {
      for (MediaSuffix suffix : MediaSuffix.values()) {
        try (@Nullable
            SeekableByteChannel media = waiting.findMedia(recording.id(), file.mediaId(), suffix)) {
          if (media != null) {
            destination.storage().put(place, file.mediaId().fileName(suffix), media);
          }
        }
      }
    }
    if (destination.metadata().isPresent()) {
      metadata.post(destination.metadata().get(), recording);
    } else {
      destination.storage().put(place, MediaStorage.METADATA, recording.toJson());
    }
    waiting.delete(recording.id());
    LOG.info("Recording {} is delivered to {}", recording.id(), destination.storage());
  }
}
