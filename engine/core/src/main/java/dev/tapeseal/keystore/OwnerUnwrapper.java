package dev.tapeseal.keystore;

import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.store.MediaRecipient;
import java.util.List;
import java.util.function.Supplier;

/**
 * Unwraps for the person who holds the key store: unpads strictly and says what is wrong. Where no recipient names a
 * certificate that is known, each key is tried on the recipients that its length fits, since a key store may hold only
 * a renewed certificate of the key. Safe for any thread.
 */
record OwnerUnwrapper(Supplier<KeyRing> keys, List<MediaRecipient> known) implements KeyUnwrapper {
  private static final int MAX_TRIALS = 64; // each some milliseconds, and the envelope is foreign

  @Override
  public ContentEncryptionKey unwrap(List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    KeyRing ring = keys.get();
    KeyRing.Match match = ring.choose(recipients, known);
    return match == null
        ? tryEach(ring, recipients, keyBits)
        : unwrap(match.key(), match.recipient(), keyBits);
  }

  private static ContentEncryptionKey tryEach(KeyRing ring, List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    var noMatchingKey = new EnvelopeException.NoMatchingKey(recipients);
    int trials = 0;
    for (HeldKey key : ring.keys()) {
      for (Recipient recipient : recipients) {
        if (recipient.encryptedKey().length != key.key().modulusBytes() || trials++ >= MAX_TRIALS) {
          continue;
        }
        try {
          return unwrap(key, recipient, keyBits);
        } catch (EnvelopeException e) {
          noMatchingKey.addSuppressed(e); // as it must be for every key but one
        }
      }
    }
    throw noMatchingKey;
  }

  private static ContentEncryptionKey unwrap(HeldKey held, Recipient recipient, int keyBits)
      throws EnvelopeException {
    if (held.entry().limits().onlyOaep()
        && recipient.keyTransport() instanceof KeyTransport.Pkcs1) {
      throw new EnvelopeException.KeyNotUnwrapped("encrypted key of " + recipient.identifier()
          + ": " + recipient.keyTransport() + ", and the key '" + held.entry().alias()
          + "' is limited to RSAES-OAEP (expected: a recording that was encrypted so)");
    }
    return RsaKeyTransport.unwrap(held.key(), recipient, keyBits);
  }
}
