/**
 * The decryption proxy: a player asks its IRWS node for media, and the node fetches what is encrypted from the crypto
 * server of its location, as the player reads. That a node does so is documented; how is ours.
 *
 * <pre>{@code
 * try (DecryptionProxy proxy = new DecryptionProxy(store, services.decryptUriPrefixes(), account)) {
 *   Router router = services.router(authentication).and(proxy.router(authentication));
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.proxy;

import org.jspecify.annotations.NullMarked;
