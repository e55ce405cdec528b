package dev.tapeseal.store;

import java.time.Instant;
import java.time.ZoneOffset;

/** What a catalog knows of a recording: where it lies, and what its metadata said when it was last read. */
record CatalogEntry(RecordingPlace place, Recording recording) {

  /** When it started; where nothing says, when its day began. */
  long startMillis() {
    Instant started = recording.started();
    return started != null
        ? started.toEpochMilli()
        : place.day().atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }
}
