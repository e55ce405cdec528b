package dev.tapeseal.rcs;

import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** The files of one stored media file: its content, and what lies beside it. */
record StoredParts(RecordingStore store, RecordingId id, MediaId mediaId)
    implements RecordingSource {

  @Override
  public @Nullable SeekableByteChannel open(RecordingPart part) throws IOException {
    return store.findMedia(id, mediaId, MediaSuffix.of(part.suffix()));
  }
}
