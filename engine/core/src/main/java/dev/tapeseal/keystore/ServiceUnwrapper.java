package dev.tapeseal.keystore;

import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.store.MediaRecipient;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Unwraps for others: tries exactly one recipient, and answers with a key that opens nothing where that fails. Only
 * that no key is at hand is said, which the envelope says anyway. Safe for any thread.
 */
record ServiceUnwrapper(Supplier<KeyRing> keys, List<MediaRecipient> known, UnwrapAudit audit)
    implements KeyUnwrapper {

  @Override
  public ContentEncryptionKey unwrap(List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    KeyRing.Match match = keys.get().choose(recipients, known);
    if (match == null) {
      throw new EnvelopeException.NoMatchingKey(recipients);
    }
    byte[] key = RsaKeyTransport.decryptOrReject(
        match.key(),
        match.recipient(),
        keyBits / Byte.SIZE,
        outcome -> audit.unwrapped(match.key().entry(), outcome));
    try {
      return ContentEncryptionKey.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
