package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;

/**
 * A recording that is being made: its media are written, and nobody sees it until {@link #commit}. Closing it
 * without a commit leaves nothing behind; so does the next start of a store after a process that was killed.
 *
 * <p>Confined to one thread at a time; the channels it gives may be written by other threads.
 */
public final class PendingRecording implements Closeable {
  private final RecordingStore store;
  private final RecordingPlace place;
  private final PendingFiles files;

  PendingRecording(RecordingStore store, RecordingPlace place, PendingFiles files) {
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
   * @return where its bytes go; closing it makes them durable. In a folder it is a
   *     {@link java.nio.channels.SeekableByteChannel}
   * @throws FileAlreadyExistsException where this recording has the file already
   */
  public WritableByteChannel create(MediaId mediaId, MediaSuffix suffix) throws IOException {
    return files.create(mediaId, suffix);
  }

  /** Makes durable what was written to a file so far; a failure is final for the file. */
  public void force(MediaId mediaId, MediaSuffix suffix) throws IOException {
    files.force(mediaId, suffix);
  }

  /**
   * Publishes the media, then their companions, then the metadata, each durably. When it returns the recording is
   * found and survives a power cut; when it throws nothing of it stays.
   *
   * @param recording of this id; it names every media file that was created and no other. Sizes, descriptors, the
   *     start, and the tenant are filled in
   * @return the metadata as they are stored
   * @throws IllegalArgumentException where the metadata do not fit what was created, or their JSON has more than 4 MiB
   * @throws FileAlreadyExistsException where another recording has taken the id
   */
  public Recording commit(Recording recording) throws IOException {
    return store.commit(place, files, recording);
  }

  /** Gives up what was not committed. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
