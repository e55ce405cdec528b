package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of one pending recording, from their creation until metadata name them or they are given up.
 *
 * <p>Whoever commits holds this object's monitor from the first step to the last. So a {@link #close} on another
 * thread comes before a commit, which it makes fail, or after it, when nothing is left to discard.
 */
final class PendingFiles implements Closeable {
  private final MediaStorage storage;
  private final RecordingPlace place;
  private final Runnable onEnd;
  private final List<Entry> entries = new ArrayList<>();
  private State state = State.OPEN;

  private enum State {
    OPEN,
    COMMITTED,
    CLOSED
  }

  private record Entry(MediaId mediaId, MediaSuffix suffix, PendingFile file, boolean replacing) {}

  PendingFiles(MediaStorage storage, RecordingPlace place, Runnable onEnd) {
    this.storage = storage;
    this.place = place;
    this.onEnd = onEnd;
  }

  synchronized WritableByteChannel create(MediaId mediaId, MediaSuffix suffix) throws IOException {
    requireOpen();
    String name = mediaId.fileName(suffix);
    if (find(mediaId, suffix) != null || storage.exists(place, name)) {
      throw new FileAlreadyExistsException(
          name, null, "recording " + place.id() + " has this file already");
    }
    PendingFile file = storage.create(place, name);
    entries.add(new Entry(mediaId, suffix, file, false));
    return file.channel();
  }

  /** Begins what will take the place of a file there is. */
  synchronized WritableByteChannel replace(MediaId mediaId, MediaSuffix suffix) throws IOException {
    requireOpen();
    String name = mediaId.fileName(suffix);
    if (!storage.exists(place, name)) {
      throw new NoSuchFileException(name, null, "recording " + place.id() + " has no such file");
    }
    PendingFile file = storage.create(place, name);
    entries.add(new Entry(mediaId, suffix, file, true));
    return file.channel();
  }

  /** Puts files in the place of those there are, durably; does nothing where none is to be replaced. */
  synchronized void publishReplacing() throws IOException {
    requireOpen();
    for (Entry entry : entries) {
      if (entry.replacing()) {
        entry.file().publishReplacing();
        storage.force(place);
      }
    }
  }

  /** The length of media that are replaced; the known one where only a companion of theirs is. */
  synchronized long sizeBytes(MediaId mediaId, long known) {
    Entry content = find(mediaId, MediaSuffix.CONTENT);
    return content == null ? known : content.file().sizeBytes();
  }

  synchronized void force(MediaId mediaId, MediaSuffix suffix) throws IOException {
    requireOpen();
    Entry entry = find(mediaId, suffix);
    if (entry == null) {
      throw new IllegalArgumentException(
          mediaId.fileName(suffix) + ": not created (expected: a file of this recording)");
    }
    entry.file().force();
  }

  /** Checks metadata against what was created, and completes them with what the storage knows. */
  synchronized MediaFile[] complete(MediaFile... described) throws IOException {
    requireOpen();
    Set<MediaId> created = entries.stream()
        .filter(entry -> entry.suffix() == MediaSuffix.CONTENT)
        .map(Entry::mediaId)
        .collect(Collectors.toSet());
    Set<MediaId> named = new HashSet<>();
    MediaFile[] completed = new MediaFile[described.length];
    for (int i = 0; i < described.length; i++) {
      MediaId mediaId = described[i].mediaId();
      Entry content = find(mediaId, MediaSuffix.CONTENT);
      if (content == null || !named.add(mediaId)) {
        throw new IllegalArgumentException("metadata name " + mediaId
            + " (expected: each media file that was created," + " once: " + created + ")");
      }
      completed[i] = complete(described[i], content.file().sizeBytes());
    }
    for (Entry entry : entries) {
      if (!named.contains(entry.mediaId())) {
        throw new IllegalArgumentException("metadata do not name " + entry.mediaId()
            + " (expected: every media file that was created)");
      }
    }
    return completed;
  }

  private MediaFile complete(MediaFile file, long sizeBytes) {
    MediaFile.Builder builder = file.toBuilder()
        .sizeBytes(sizeBytes)
        .descriptor(storage.descriptor(place, file.mediaId().value()));
    if (file.tenant().isEmpty()) {
      builder.tenant(place.tenant().name());
    }
    return builder.build();
  }

  /** Publishes media, then companions, durably. */
  synchronized void publish() throws IOException {
    requireOpen();
    entries.sort(Comparator.comparing(Entry::suffix));
    for (Entry entry : entries) {
      entry.file().publish();
    }
    storage.force(place);
  }

  /** Metadata name the files from now on: whatever fails, they stay. */
  synchronized void commit() {
    requireOpen();
    state = State.COMMITTED;
  }

  synchronized boolean isCommitted() {
    return state == State.COMMITTED;
  }

  /** Removes the marks of files that metadata and catalog name. */
  synchronized void settle() throws IOException {
    for (Entry entry : entries) {
      entry.file().settle();
    }
  }

  /** Removes what no metadata name. */
  @Override
  public synchronized void close() throws IOException {
    if (state == State.CLOSED) {
      return;
    }
    State before = state;
    state = State.CLOSED;
    try {
      if (before == State.OPEN) {
        discard();
      }
    } finally {
      onEnd.run();
    }
  }

  private void discard() throws IOException {
    IOException failure = null;
    for (Entry entry : entries) {
      try {
        entry.file().discard();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable Entry find(MediaId mediaId, MediaSuffix suffix) {
    return entries.stream()
        .filter(entry -> entry.mediaId().equals(mediaId) && entry.suffix() == suffix)
        .findFirst()
        .orElse(null);
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("recording " + place.id() + ": already "
          + (state == State.COMMITTED ? "committed" : "closed"));
    }
  }
}
