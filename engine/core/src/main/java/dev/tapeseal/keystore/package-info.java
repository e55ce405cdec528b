/**
 * Private keys: read from PEM and PKCS#12 files, kept in a Java KeyStore file, and used to open recordings for those who
 * never see them.
 *
 * <pre>{@code
 * try (RecordingKeyStore store = RecordingKeyStore.openOrBegin(file, password);
 *     KeyMaterial material = KeyMaterial.read(keyFile, certificateFile, null, null)) {
 *   store.importKey("calls-2026", material, KeyLimits.NONE);
 *   RecordingReader.open(source, store.unwrapperForOwner(), expectation); // a service: unwrapperForService
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.keystore;

import org.jspecify.annotations.NullMarked;
