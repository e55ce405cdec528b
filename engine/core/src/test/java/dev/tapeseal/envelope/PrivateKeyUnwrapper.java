package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.samples.SampleIdentity;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** Unwraps by the private key of one sample identity, by JCA alone. */
record PrivateKeyUnwrapper(SampleIdentity identity) implements KeyUnwrapper {

  @Override
  public ContentEncryptionKey unwrap(List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    Recipient own = recipients.stream()
        .filter(recipient -> isNamed(recipient.identifier()))
        .findFirst()
        .orElseThrow(() -> new EnvelopeException.NoMatchingKey(recipients));
    try {
      byte[] key = cipher(own.keyTransport()).doFinal(own.encryptedKey());
      if (key.length * Byte.SIZE != keyBits) {
        throw new EnvelopeException.KeyNotUnwrapped("session key: " + key.length + " bytes");
      }
      return ContentEncryptionKey.copyOf(key);
    } catch (GeneralSecurityException e) {
      throw new EnvelopeException.KeyNotUnwrapped("session key: " + e.getMessage());
    }
  }

  private boolean isNamed(RecipientIdentifier identifier) {
    return identifier instanceof IssuerAndSerialNumber named
        ? named.equals(Recordings.certificate(identity).identifier())
        : identifier.equals(Recordings.certificate(identity).subjectKeyIdentifier());
  }

  private Cipher cipher(KeyTransport keyTransport) throws GeneralSecurityException {
    if (keyTransport instanceof KeyTransport.Oaep oaep) {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          identity.privateKey(),
          new OAEPParameterSpec(
              oaep.hash(),
              "MGF1",
              new MGF1ParameterSpec(oaep.mgf1Hash()),
              PSource.PSpecified.DEFAULT));
      return cipher;
    }
    Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    cipher.init(Cipher.DECRYPT_MODE, identity.privateKey());
    return cipher;
  }
}
