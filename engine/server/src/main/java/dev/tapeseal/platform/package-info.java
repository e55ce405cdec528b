/**
 * Everything in one process: the crypto server, the web services and the decryption proxy over one data folder.
 *
 * <pre>{@code
 * try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
 *   platform.uri(); // http://127.0.0.1:41234: RCS under /rcs, IRWS and the proxy under /api/v2
 *   platform.keys().importKey("calls-2026", material, KeyLimits.NONE);
 *   Recorder.into(platform.recordings()); // what it stores is played at once
 * }
 * }</pre>
 *
 * <p>{@code openapi.yaml}, a resource of this package, is what {@code GET /openapi.yaml} answers. It is written by hand;
 * a test compares it with the routes that a platform has, so that a new route is described there with its commit.
 */
@NullMarked
package dev.tapeseal.platform;

import org.jspecify.annotations.NullMarked;
