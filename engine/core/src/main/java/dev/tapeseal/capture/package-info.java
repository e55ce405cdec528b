/**
 * Turns live media into stored, encrypted recordings, as MCP does with calls and SRS with agents' screens.
 *
 * <pre>{@code
 * Recorder recorder = Recorder.into(store);
 * CallProvision provision = provisioning.forCall(geoLocation, clock.instant()); // or certificates
 * try (CallSession call = recorder.startCall(interaction, provision, AudioFormat.muLaw(8000, 2))) {
 *   call.write(frame); // 20 ms, again and again
 *   Recording stored = call.stop();
 * }
 * }</pre>
 *
 * <p>{@link dev.tapeseal.capture.CaptureLanes} carries many at a time on a few threads.
 */
@NullMarked
package dev.tapeseal.capture;

import org.jspecify.annotations.NullMarked;
