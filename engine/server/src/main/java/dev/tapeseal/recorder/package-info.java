/**
 * MCP and SRS as a service: records calls and screens on request, and delivers them to where their IVR profile says.
 *
 * <pre>{@code
 * RecorderService recorder = RecorderService.builder(store, provisioning)
 *     .waitingIn(dataFolder.resolve("undelivered"))
 *     .mediaFrom(dataFolder.resolve("media"))
 *     .accounts(DeliveryAccounts.of(settings))
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
