package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.Set;

/**
 * The samples of a video track that is to be copied, as one stream of bytes: whatever lies together in the source is
 * read together, and no sample is touched. Confined to one thread.
 */
final class VideoFeed {
  private static final Set<String> ENCRYPTED = Set.of("encv", "enca", "encs", "drmi");
  private static final long MAX_RANGE_BYTES = 16 << 20;

  private final SeekableByteChannel channel;
  private final Track track;
  private final SampleCursor cursor;
  private long durationVu;
  private long firstVu = Long.MAX_VALUE;
  private long endVu;
  private long position;
  private long rangeEnd;
  private boolean atSample;

  private VideoFeed(SeekableByteChannel channel, Track track) throws MediaException {
    this.channel = channel;
    this.track = track;
    SampleCursor sample = track.samples().cursor();
    while (sample.next()) {
      durationVu = sample.decodingTimeVu() + sample.durationVu();
      long shownVu = sample.decodingTimeVu() + sample.compositionOffsetVu();
      firstVu = Math.min(firstVu, shownVu);
      endVu = Math.max(endVu, shownVu + Math.max(1, sample.durationVu())); // a last one may have 0
    }
    this.cursor = track.samples().cursor();
    this.atSample = cursor.next();
  }

  /**
   * The first video track of a file.
   *
   * @throws MediaException where there is none, or one whose samples are encrypted, or none that can be copied
   */
  static VideoFeed of(SeekableByteChannel channel, Mp4File file) throws MediaException {
    Box moov = file.moov();
    Optional<Track> video = file.video();
    if (video.isEmpty()) {
      throw new MediaException.Unsupported(
          moov.offset(), "no video track (expected: one, in a screen recording)");
    }
    Track track = video.get();
    for (String type : track.sampleEntryTypes()) {
      if (ENCRYPTED.contains(type)) {
        throw new MediaException.Unsupported(
            track.box().offset(),
            "samples encrypted by '" + type
                + "' (expected: clear ones; recordings are encrypted as whole files)");
      }
    }
    if (track.samples().sampleCount() == 0) {
      throw new MediaException.Unsupported(
          track.box().offset(), "a video track without a sample (expected: at least one)");
    }
    return new VideoFeed(channel, track);
  }

  Track track() {
    return track;
  }

  /**
   * The chunks that the samples make.
   *
   * @param laterUs how much later the movie begins for this track
   */
  ChunkTable chunks(long laterUs) throws MediaException {
    ChunkTable chunks = new ChunkTable();
    int descriptions = track.sampleEntryTypes().size();
    SampleCursor sample = track.samples().cursor();
    while (sample.next()) {
      if (sample.description() < 1 || sample.description() > descriptions) {
        throw new MediaException.Malformed(
            track.box().offset(),
            "'stsc' box: sample description " + sample.description() + " (expected: 1 to "
                + descriptions + ")");
      }
      long timeUs =
          laterUs + track.startUs() + Track.us(sample.decodingTimeVu(), track.timescale());
      chunks.add(Math.max(0, timeUs), sample.sizeBytes(), sample.description());
    }
    return chunks;
  }

  /** What the samples last together when they are decoded, in units of the track's timescale. */
  long durationVu() {
    return durationVu;
  }

  /** When the first sample to be shown is, in units of the track's timescale; not 0 where pictures are reordered. */
  long firstVu() {
    return firstVu;
  }

  /** When the last sample to be shown is over, in units of the track's timescale. */
  long endVu() {
    return endVu;
  }

  /** Reads on in the stream of samples, up to the target's limit. */
  void read(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (position == rangeEnd) {
        nextRange();
      }
      int limit = target.limit();
      target.limit((int) Math.min(limit, target.position() + rangeEnd - position));
      channel.position(position);
      int read = channel.read(target);
      target.limit(limit);
      if (read < 0) {
        throw new MediaException.Malformed(
            position, "the file ends here (expected: a sample up to " + rangeEnd + ")");
      }
      position += read;
    }
  }

  private void nextRange() throws IOException {
    if (!atSample) {
      throw new IllegalStateException(
          "more is read than the chunks hold, which are of these samples");
    }
    position = cursor.offset();
    rangeEnd = position;
    while (atSample && cursor.offset() == rangeEnd && rangeEnd - position < MAX_RANGE_BYTES) {
      rangeEnd += cursor.sizeBytes();
      atSample = cursor.next();
    }
  }
}
