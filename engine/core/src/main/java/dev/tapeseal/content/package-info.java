/**
 * The content ciphers and their session keys: written as a stream, read at random.
 *
 * <p>AES-CBC with PKCS#7 padding goes through {@link dev.tapeseal.content.CbcWriter} and
 * {@link dev.tapeseal.content.CbcReader}. <b>CBC has no integrity</b>: a changed bit, pieces left out, a cut end
 * all decrypt. So the ciphertext is also taken in pieces of 65,536 octets, each with a tag in a file beside it
 * ({@link dev.tapeseal.content.MacWriter}, {@link dev.tapeseal.content.MacReader}), and a reader that has the tags
 * releases nothing that it has not verified.
 *
 * <p>Segments of AES-256-GCM go through {@link dev.tapeseal.content.SealedWriter} and
 * {@link dev.tapeseal.content.SealedReader}: they authenticate themselves, and need no file beside them.
 *
 * <pre>{@code
 * CbcReader reader = CbcReader.open(key, iv, ciphertext, mac);
 * int read = reader.read(1_000_000, buffer, 0, buffer.length); // plaintext from its millionth byte on
 * }</pre>
 */
@NullMarked
package dev.tapeseal.content;

import org.jspecify.annotations.NullMarked;
