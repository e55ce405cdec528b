package dev.tapeseal.envelope;

import dev.tapeseal.content.ContentEncryptionKey;
import java.util.List;

/**
 * Turns an envelope's recipients into its session key. Whoever reads recordings is given one of these and never
 * sees a private key.
 */
public interface KeyUnwrapper {

  /**
   * Decrypts the session key of the one recipient that a private key at hand is for.
   *
   * @param recipients what the envelope's header lists: at least one; 1 to 16 where we wrote it, of others as many as
   *     256 KiB hold
   * @param keyBits what the content cipher takes: 128, 192 or 256
   * @return the session key, which the caller closes
   * @throws EnvelopeException.NoMatchingKey where no private key at hand is for any recipient
   * @throws EnvelopeException.KeyNotUnwrapped where the private key does not decrypt the encrypted key; an
   *     unwrapper that serves others never throws it and answers with a key that opens nothing
   */
  ContentEncryptionKey unwrap(List<Recipient> recipients, int keyBits) throws EnvelopeException;
}
