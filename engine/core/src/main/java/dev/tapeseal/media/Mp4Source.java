package dev.tapeseal.media;

import dev.tapeseal.media.mp4.Mp4File;
import dev.tapeseal.media.mp4.SampleCursor;
import dev.tapeseal.media.mp4.Track;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A finished MP4 file as a stream of slices that are, one after the other, exactly the file.
 *
 * <p>A slice ends where a sample ends (of samples that are short, 20 ms), or after 64 KiB, and is
 * stamped with the time of that sample by the sample tables: so the upload can be paced as the
 * recording was made. What comes before the first sample has time 0, what comes after the last,
 * such as {@code moov}, the time when all is over. Times may step back between interleaved tracks,
 * and between frames that are shown in another order than decoded.
 */
public final class Mp4Source implements MediaSource {

  static final int MAX_SLICE_BYTES = 64 * 1024;
  private static final long MAX_JOINED_US = 20_000;

  private final BufferedInput input;
  private final Mp4File file;
  private final SampleCursor[] cursors;
  private final boolean[] ended;
  private final long headEndOffset;
  private final long endUs;
  private long offset;
  private long sampleEndOffset;
  private long sampleTimeUs;
  private long sampleDurationUs;

  private Mp4Source(BufferedInput input, Mp4File file) throws MediaException {
    this.input = input;
    this.file = file;
    List<Track> tracks = file.tracks();
    this.cursors = new SampleCursor[tracks.size()];
    this.ended = new boolean[tracks.size()];
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = tracks.get(i).samples().cursor();
      ended[i] = !cursors[i].next();
    }
    int first = firstInFile();
    this.headEndOffset = first < 0 ? 0 : Math.min(cursors[first].offset(), file.sizeBytes());
    this.endUs = endUs(file);
  }

  static Mp4Source open(BufferedInput input) throws IOException {
    return new Mp4Source(input, Mp4File.read(input.channel()));
  }

  @Override
  public MediaType type() {
    return MediaType.MP4;
  }

  /** Always empty: the tracks tell, see {@link #file()}. */
  @Override
  public Optional<AudioFormat> audioFormat() {
    return Optional.empty();
  }

  /** The file's boxes, tracks and sample tables. */
  public Mp4File file() {
    return file;
  }

  /** When the last sample of any track is over; what the file's header claims is not asked. */
  @Override
  public long durationUs() {
    return endUs;
  }

  @Override
  public boolean next(Frame frame) throws IOException {
    if (offset == file.sizeBytes()) {
      return false;
    }
    if (offset == sampleEndOffset) {
      nextSample();
    }
    int length = (int) Math.min(MAX_SLICE_BYTES, sampleEndOffset - offset);
    input.copy(offset, frame.room(length), length);
    offset += length;
    frame.stamp(sampleTimeUs, offset == sampleEndOffset ? sampleDurationUs : 0);
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  /** Moves on to the sample that ends next behind the current offset, by the order of the file. */
  private void nextSample() throws MediaException {
    if (offset < headEndOffset) {
      sampleEndOffset = headEndOffset;
      return;
    }
    for (int track = firstInFile(); track >= 0; track = firstInFile()) {
      SampleCursor cursor = cursors[track];
      long end = cursor.offset() + cursor.sizeBytes();
      sampleTimeUs = file.tracks().get(track).presentationTimeUs(cursor);
      sampleDurationUs = file.tracks().get(track).durationUs(cursor);
      ended[track] = !cursor.next();
      if (end > offset) { // one that is not shares its bytes with another, or is out of order
        sampleEndOffset = end;
        addShortSamples(track);
        return;
      }
    }
    sampleEndOffset = file.sizeBytes();
    sampleTimeUs = endUs;
    sampleDurationUs = 0;
  }

  /** A sample of PCM is a few bytes: those that follow directly join it, up to 20 ms. */
  private void addShortSamples(int track) throws MediaException {
    SampleCursor cursor = cursors[track];
    while (!ended[track] && cursor.offset() == sampleEndOffset) {
      long togetherUs = sampleDurationUs + file.tracks().get(track).durationUs(cursor);
      if (togetherUs > MAX_JOINED_US) {
        return;
      }
      sampleDurationUs = togetherUs;
      sampleEndOffset += cursor.sizeBytes();
      ended[track] = !cursor.next();
    }
  }

  private int firstInFile() {
    int first = -1;
    for (int i = 0; i < cursors.length; i++) {
      if (!ended[i] && (first < 0 || cursors[i].offset() < cursors[first].offset())) {
        first = i;
      }
    }
    return first;
  }

  private static long endUs(Mp4File file) throws MediaException {
    long endUs = 0;
    for (Track track : file.tracks()) {
      SampleCursor sample = track.samples().cursor();
      while (sample.next()) {
        endUs = Math.max(endUs, track.presentationTimeUs(sample) + track.durationUs(sample));
      }
    }
    return endUs;
  }
}
