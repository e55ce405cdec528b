package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.function.UnaryOperator;

/**
 * A file that is being made to take the place of one of a recording's. Nobody sees it until {@link #commit}; closing it
 * without a commit leaves everything as it was.
 *
 * <p>Confined to one thread at a time.
 */
public final class PendingReplacement implements Closeable {
  private final RecordingStore store;
  private final RecordingPlace place;
  private final PendingFiles files;
  private final MediaId mediaId;
  private final WritableByteChannel channel;

  PendingReplacement(
      RecordingStore store,
      RecordingPlace place,
      PendingFiles files,
      MediaId mediaId,
      WritableByteChannel channel) {
    this.store = store;
    this.place = place;
    this.files = files;
    this.mediaId = mediaId;
    this.channel = channel;
  }

  /** Where the bytes go; closing it makes them durable. */
  public WritableByteChannel channel() {
    return channel;
  }

  /**
   * Puts the file, which was closed, in the place of the one there is, then changes the metadata of its media, each at
   * once and durably. A crash between the two leaves the new file under the old metadata; doing it again mends that.
   *
   * @param change of the media file; its size is filled in
   * @return the recording's metadata as they are stored
   */
  public Recording commit(UnaryOperator<MediaFile> change) throws IOException {
    return store.commit(place, files, mediaId, change);
  }

  /** Gives up what was not committed. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
