package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of an audio track that is to be written, as one stream of bytes, and what the track's boxes say of
 * them.
 *
 * <p>All frames are made or read twice: once to learn their lengths, since a file that begins with its tables has
 * them before the first frame, and once to be written. A source that gives other lengths the second time fails.
 * Confined to one thread.
 */
abstract sealed class AudioFeed permits Mp3Feed, FlacFeed, Mp3EncodingFeed {

  private final SampleSizes sizes = new SampleSizes();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private int frames;

  /** The rate of the samples, which is the track's timescale, too. */
  abstract int sampleRateHz();

  abstract int samplesPerFrame();

  /** Where in the track the recording begins: behind what the encoder and the alignment put in front. */
  abstract long mediaTimeSamples();

  /** The samples of each channel that are heard, the silence that aligns the call included. */
  abstract long presentedSamples();

  /** The samples of each channel in all frames. */
  abstract long totalSamples();

  /** The entry of the sample description box. */
  abstract BoxContent sampleEntry();

  /** Begins again with the first frame. */
  abstract void rewind() throws IOException;

  /** The next frame, valid until the one after it is asked for; null at the end. */
  abstract @Nullable ByteBuffer nextFrame() throws IOException;

  /** Learns all frames' lengths. */
  final void measure() throws IOException {
    rewind();
    for (ByteBuffer frame = nextFrame(); frame != null; frame = nextFrame()) {
      sizes.add(frame.remaining());
    }
    if (sizes.count() == 0) {
      throw new MediaException.Unsupported(0, "audio without a frame (expected: at least one)");
    }
    rewind();
  }

  final SampleSizes sizes() {
    return sizes;
  }

  /** The chunks that the frames make. */
  final ChunkTable chunks() throws MediaException {
    ChunkTable chunks = new ChunkTable();
    for (int frame = 0; frame < sizes.count(); frame++) {
      long sample = (long) frame * samplesPerFrame() - mediaTimeSamples();
      chunks.add(Math.max(0, Track.us(sample, sampleRateHz())), sizes.sizeBytes(frame), 1);
    }
    return chunks;
  }

  /** The time-to-sample box: all frames are as long, but perhaps the last. */
  final BoxContent stts() {
    long last = totalSamples() - (sizes.count() - 1L) * samplesPerFrame();
    BoxContent entries = last == samplesPerFrame()
        ? BoxContent.u32(1, sizes.count(), last)
        : sizes.count() == 1
            ? BoxContent.u32(1, 1, last)
            : BoxContent.u32(2, sizes.count() - 1L, samplesPerFrame(), 1, last);
    return BoxContent.fullBox("stts", 0, 0, entries);
  }

  /** Reads on in the stream of frames, up to the target's limit. */
  final void read(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (!current.hasRemaining()) {
        advance();
      }
      int count = Math.min(current.remaining(), target.remaining());
      target.put(target.position(), current, current.position(), count);
      target.position(target.position() + count);
      current.position(current.position() + count);
    }
  }

  private void advance() throws IOException {
    ByteBuffer frame = nextFrame();
    if (frame == null || frames == sizes.count() || frame.remaining() != sizes.sizeBytes(frames)) {
      throw new IOException("audio frame " + frames
          + " is another than before (expected: a source that does not change while it is read)");
    }
    frames++;
    current = frame;
  }
}
