/**
 * MCP as a service: records calls on request, and delivers them to where their IVR profile says.
 *
 * <pre>{@code
 * RecorderService recorder = RecorderService.builder(store, provisioning)
 *     .waitingIn(dataFolder.resolve("undelivered"))
 *     .mediaFrom(dataFolder.resolve("media"))
 *     .metadataAuthorization("ops:…".toCharArray())
 *     .start();
 * HttpServer server = HttpServer.builder(recorder.router(authentication)).start();
 * }</pre>
 *
 * <p>The resources under {@code /api/v2/recorder} are ours. The order of a delivery is the documented one: media are
 * put to their storage, and only after the storage has them their metadata are posted.
 */
@NullMarked
package dev.tapeseal.recorder;

import org.jspecify.annotations.NullMarked;
