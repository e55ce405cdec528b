package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

/** The ROCA test set: each modulus has its pinned verdict, whatever file it came in. */
class WeakKeysTest {
  private static final Set<String> VULNERABLE = Set.of(
      "cert04.pem",
      "cert05.pem",
      "key04.pgp", // an OpenPGP key, which lists of this set leave out; its modulus has the
      // fingerprint
      "csr05.pem",
      "privkey05.pem",
      "pubkey03.pem",
      "ssh06.pub",
      "mod01.txt",
      "mod02.txt",
      "mod03.txt",
      "mod08.txt",
      "mod09.txt");

  @Test
  void everyModulus_hasItsPinnedVerdict() throws Exception {
    Set<String> found = new TreeSet<>();
    Map<String, BigInteger> moduli = new TreeMap<>();
    Set<String> without = new TreeSet<>();
    for (Path file : Vectors.files("weak-keys")) {
      String name = file.getFileName().toString();
      Optional<BigInteger> modulus = modulus(file);
      modulus.ifPresentOrElse(value -> moduli.put(name, value), () -> without.add(name));
    }
    moduli.forEach((name, modulus) -> {
      if (WeakModulus.isRoca(modulus)) {
        found.add(name);
      }
    });

    assertThat(without).as("files without an RSA key").isEmpty();
    assertThat(moduli).hasSize(34);
    assertThat(found).isEqualTo(VULNERABLE);
  }

  private static Optional<BigInteger> modulus(Path file) throws IOException {
    String name = file.getFileName().toString();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (name.startsWith("mod")) {
      return Optional.of(new BigInteger(text.substring("0x".length()), 16));
    }
    if (name.startsWith("ssh")) {
      return ofSsh(ByteBuffer.wrap(Base64.getDecoder().decode(text.split(" ", -1)[1])));
    }
    if (name.endsWith(".pgp")) {
      return ofPgp(text);
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        PEMParser parser = new PEMParser(reader)) {
      return of(parser.readObject());
    }
  }

  private static Optional<BigInteger> of(Object read) throws IOException {
    if (read instanceof X509CertificateHolder certificate) {
      return of(certificate.getSubjectPublicKeyInfo());
    }
    if (read instanceof PKCS10CertificationRequest request) {
      return of(request.getSubjectPublicKeyInfo());
    }
    if (read instanceof PEMKeyPair pair) {
      return of(pair.getPublicKeyInfo());
    }
    if (read instanceof PrivateKeyInfo key) {
      return Optional.of(RSAPrivateKey.getInstance(key.parsePrivateKey()).getModulus());
    }
    if (read instanceof SubjectPublicKeyInfo key) {
      return Optional.of(RSAPublicKey.getInstance(key.parsePublicKey()).getModulus());
    }
    if (read instanceof ContentInfo message) {
      Object first =
          SignedData.getInstance(message.getContent()).getCertificates().getObjectAt(0);
      return of(Certificate.getInstance(first).getSubjectPublicKeyInfo());
    }
    return Optional.empty();
  }

  /** RFC 4253 section 6.6: name, exponent, modulus, each with its length. */
  private static Optional<BigInteger> ofSsh(ByteBuffer key) {
    if (!new String(string(key), StandardCharsets.US_ASCII).equals("ssh-rsa")) {
      return Optional.empty();
    }
    string(key);
    return Optional.of(new BigInteger(string(key)));
  }

  private static byte[] string(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return bytes;
  }

  /** RFC 4880 section 5.5.2: the first packet is the primary key: version, time, algorithm, modulus. */
  private static Optional<BigInteger> ofPgp(String armoured) {
    String body = armoured.substring(
        armoured.indexOf("\n\n") < 0 ? armoured.indexOf("\r\n\r\n") : armoured.indexOf("\n\n"));
    String base64 = Arrays.stream(body.strip().split("\r?\n"))
        .takeWhile(line -> !line.startsWith("=") && !line.startsWith("-"))
        .reduce("", String::concat);
    ByteBuffer packet = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
    int tag = packet.get() & 0xFF;
    int lengthOctets = (tag & 0x40) == 0 ? 1 << (tag & 3) : (packet.get(1) & 0xFF) < 192 ? 1 : 2;
    packet.position(packet.position() + lengthOctets + 1 + Integer.BYTES); // length, version, time
    if (packet.get() != 1) {
      return Optional.empty();
    }
    int bits = packet.getShort() & 0xFFFF;
    byte[] modulus = new byte[(bits + 7) / 8];
    packet.get(modulus);
    return Optional.of(new BigInteger(1, modulus));
  }
}
