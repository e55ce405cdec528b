package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;

/**
 * Media files that are being made for a recording that exists. Nobody sees them until {@link #commit}; closing it
 * without a commit leaves nothing behind.
 *
 * <p>Confined to one thread at a time; the channels it gives may be written by other threads.
 */
public final class PendingMedia implements Closeable {
  private final RecordingStore store;
  private final RecordingPlace place;
  private final PendingFiles files;

  PendingMedia(RecordingStore store, RecordingPlace place, PendingFiles files) {
    this.store = store;
    this.place = place;
    this.files = files;
  }

  /** The recording's id. */
  public RecordingId id() {
    return place.id();
  }

  /**
   * Begins a media file, or a companion of one.
   *
   * @return where its bytes go; closing it makes them durable
   * @throws FileAlreadyExistsException where the recording has the file already
   */
  public WritableByteChannel create(MediaId mediaId, MediaSuffix suffix) throws IOException {
    return files.create(mediaId, suffix);
  }

  /**
   * Publishes the media, then their companions, then puts metadata that name them in place of those there are, at
   * once. When it throws before that, nothing of the media stays.
   *
   * @param added one for each media file that was created
   * @return the recording's metadata as they are stored
   * @throws IllegalArgumentException where the metadata do not fit what was created, or the recording's JSON would
   *     have more than 4 MiB
   * @throws FileAlreadyExistsException where the recording has a media file of this id by now
   * @throws java.nio.file.NoSuchFileException where the recording is gone by now
   */
  public Recording commit(MediaFile... added) throws IOException {
    return store.commit(place, files, added);
  }

  /** Gives up what was not committed. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
