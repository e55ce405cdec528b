/**
 * Private keys: read from PEM files, and used to open recordings for those who never see them.
 *
 * <pre>{@code
 * try (BareKeys keys = BareKeys.read(List.of(keyFile), List.of(), passwordFile)) {
 *   keys.unwrap(recipients, 256); // the recording's session key
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.keystore;

import org.jspecify.annotations.NullMarked;
