package dev.tapeseal.keystore;

import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.PemBlock;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the private key in a PEM file and reads it, whichever of the four shapes it has. */
final class PrivateKeyReader {
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
  private static final Set<String> LABELS = Set.of(PKCS1, PKCS8, ENCRYPTED_PKCS8);
  private static final String EXPECTED =
      " (expected: BEGIN PRIVATE KEY, RSA PRIVATE KEY or ENCRYPTED PRIVATE KEY)";

  private PrivateKeyReader() {}

  static RecordingKey read(Pem pem, @Nullable KeyPassword password) throws PrivateKeyException {
    PemBlock block = keyBlock(pem);
    String source = pem.source();
    boolean isEncrypted = block.label().equals(ENCRYPTED_PKCS8) || PemEncryption.isDeclared(block);
    if (!isEncrypted) {
      return new RecordingKey(decode(block.label(), block.der(), source), source);
    }
    if (password == null) {
      throw new PrivateKeyException.PasswordMissing(
          source + ": the private key is encrypted (expected: its password)");
    }
    byte[] der = block.label().equals(ENCRYPTED_PKCS8)
        ? Pkcs8Encryption.decrypt(block.der(), source, password)
        : PemEncryption.decrypt(block, source, password);
    try {
      String label = block.label().equals(ENCRYPTED_PKCS8) ? PKCS8 : block.label();
      return new RecordingKey(decode(label, der, source), source);
    } catch (PrivateKeyException.Unreadable e) {
      // About one wrong password in 256 yields what looks padded, and is noise.
      throw new PrivateKeyException.PasswordWrong(
          source + ": wrong password, or the file is damaged");
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static RSAPrivateCrtKey decode(String label, byte[] der, String source)
      throws PrivateKeyException {
    return label.equals(PKCS1)
        ? RsaKeyDecoder.pkcs1(der, source)
        : RsaKeyDecoder.pkcs8(der, source);
  }

  private static PemBlock keyBlock(Pem pem) throws PrivateKeyException {
    List<PemBlock> keys = pem.blocks().stream()
        .filter(block -> block.label().endsWith("PRIVATE KEY"))
        .toList();
    if (keys.isEmpty()) {
      throw new PrivateKeyException.Unreadable(
          pem.source() + ": " + whatItIs(pem.blocks().get(0).label()));
    }
    if (keys.size() > 1) {
      throw new PrivateKeyException.Unreadable(pem.source() + ": " + keys.size()
          + " private keys (expected: 1 in a file); put each in a file of its own");
    }
    PemBlock key = keys.get(0);
    if (key.label().equals("OPENSSH PRIVATE KEY")) {
      throw new PrivateKeyException.Unreadable(pem.source() + ": an OpenSSH private key" + EXPECTED
          + "; convert a copy of it with ssh-keygen -p -m PKCS8 -f COPY");
    }
    if (!LABELS.contains(key.label())) {
      throw new PrivateKeyException.NotRsa(
          pem.source() + ": the label " + key.label() + " is not an RSA key's (expected: RSA)");
    }
    return key;
  }

  private static String whatItIs(String label) {
    String cure = label.endsWith("CERTIFICATE")
        ? "; give the private key that belongs to this certificate"
        : label.endsWith("PUBLIC KEY") ? "; a public key opens nothing: give its private key" : "";
    return "no private key but " + label + EXPECTED + cure;
  }
}
