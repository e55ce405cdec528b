package dev.tapeseal.authority;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** A {@link SigningKey} as Bouncy Castle's builders take it: gathers what is to be signed, then signs it once. */
final class KeySigner implements ContentSigner {
  private final SigningKey key;
  private final SignatureAlgorithm algorithm;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  KeySigner(SigningKey key, SignatureAlgorithm algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm.jcaName());
  }

  @Override
  public OutputStream getOutputStream() {
    return message;
  }

  @Override
  public byte[] getSignature() {
    return key.sign(algorithm, message.toByteArray());
  }
}
