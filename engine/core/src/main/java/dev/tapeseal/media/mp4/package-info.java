/**
 * MP4 files: their boxes, tracks and sample tables, with the names and the nesting of ISO/IEC 14496-12.
 *
 * <pre>{@code
 * Mp4File file = Mp4File.read(channel);
 * for (Track track : file.tracks()) {
 *   SampleCursor sample = track.samples().cursor();
 *   while (sample.next()) {
 *     track.presentationTimeUs(sample); // and sample.offset(), sample.sizeBytes(), sample.isSync(), …
 *   }
 * }
 * }</pre>
 *
 * <p>A screen and its call as one file, which is made while it is read:
 *
 * <pre>{@code
 * MuxedMp4 muxed = MuxedMp4.open(screen, call, Duration.between(screenStart, callStart), WavCoding.FLAC);
 * while (muxed.read(buffer) >= 0) { … }
 * }</pre>
 *
 * <p>Reading is liberal within hard bounds: {@code moov} is held in memory, at most 64 MiB of it; sizes that overrun
 * their parent, tables that say more than they hold, and samples outside the file are refused.
 */
@NullMarked
package dev.tapeseal.media.mp4;

import org.jspecify.annotations.NullMarked;
