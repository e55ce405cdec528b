/**
 * The Recording Crypto Server (RCS): holds the private keys, and decrypts recordings for playback. Every resource lies
 * under {@code /rcs}, as documented; the names below that are ours.
 *
 * <pre>{@code
 * try (CryptoServer rcs = new CryptoServer(keys, recordings, AuditLog.open(file), metrics)) {
 *   HttpServer server = HttpServer.builder(rcs.router(login, Clock.systemUTC())).start();
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.rcs;

import org.jspecify.annotations.NullMarked;
