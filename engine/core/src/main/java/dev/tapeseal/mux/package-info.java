/**
 * The muxer: the call and the screen recording of one interaction become one recording that plays.
 *
 * <pre>{@code
 * RecordingPair pair = RecordingPair.of(
 *     FoundRecording.of("call.mp3", RecordingSource.ofFile(call)),
 *     FoundRecording.of("screen.mp4", RecordingSource.ofFile(screen)));
 * if (pair instanceof RecordingPair.EncryptedPair encrypted) {
 *   Muxer.of(WavCoding.FLAC).mux(encrypted, callLater, keys, encryption, destination, progress);
 * }
 * }</pre>
 *
 * <p>A pair of which one is encrypted and the other is not is refused, before anything is decrypted: there is no way to
 * hold one. What was encrypted is never written to a disk in clear.
 */
@NullMarked
package dev.tapeseal.mux;

import org.jspecify.annotations.NullMarked;
