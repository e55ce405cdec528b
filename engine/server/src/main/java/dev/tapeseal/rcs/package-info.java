/**
 * The Recording Crypto Server (RCS): holds the private keys, and decrypts recordings for playback. Every resource lies
 * under {@code /rcs}, as documented; the names below that are ours.
 *
 * <pre>{@code
 * try (CryptoServer rcs = CryptoServer.builder(keys, recordings, provisioning, audit).metrics(metrics).build()) {
 *   HttpServer server = HttpServer.builder(rcs.router(login, Clock.systemUTC())).start();
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.rcs;

import org.jspecify.annotations.NullMarked;
