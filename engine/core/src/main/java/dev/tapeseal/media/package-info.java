/**
 * Media files as live streams: WAV, MP3 and MP4 read frame by frame with their times, WAV and MP3 written as they
 * come, silence of any length in a stream's own format.
 *
 * <pre>{@code
 * try (MediaSource source = MediaSource.open(path);
 *     MediaWriter writer = MediaWriter.open(source.audioFormat().orElseThrow(), destination)) {
 *   Pacer pacer = Pacer.realTime();
 *   Frame frame = new Frame();
 *   while (source.next(frame)) {
 *     pacer.await(frame.presentationTimeUs());
 *     writer.write(frame.bytes());
 *   }
 * }
 * }</pre>
 *
 * <p>Readers are liberal within hard bounds, writers strict. Nothing here needs a temporary file: a source reads
 * from any {@link java.nio.channels.SeekableByteChannel}. Whatever foreign bytes come in, what is thrown is a
 * {@link dev.tapeseal.media.MediaException} with the offset that it is about.
 */
@NullMarked
package dev.tapeseal.media;

import org.jspecify.annotations.NullMarked;
