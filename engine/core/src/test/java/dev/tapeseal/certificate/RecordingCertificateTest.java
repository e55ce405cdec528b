package dev.tapeseal.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingCertificateTest {
  private static final KeyPair RSA = TestCertificate.rsa(2048);

  @TempDir
  Path folder;

  @Test
  void fields_areThoseOfTheCertificate() throws Exception {
    X509Certificate x509 = TestCertificate.of(RSA).x509();

    RecordingCertificate certificate = RecordingCertificate.of(x509);

    assertThat(certificate.identifier())
        .isEqualTo(new IssuerAndSerialNumber(
            new X500Principal("CN=Test CA, O=Acme"), BigInteger.valueOf(0x2f)));
    assertThat(certificate.publicKey()).isEqualTo(RSA.getPublic());
    assertThat(certificate.isRsa()).isTrue();
    assertThat(certificate.modulusBits()).isEqualTo(2048);
    assertThat(certificate.notBefore()).isEqualTo(TestCertificate.BEGIN);
    assertThat(certificate.notAfter()).isEqualTo(TestCertificate.END);
    assertThat(certificate.serialNumber()).isEqualTo("2f");
    assertThat(certificate.commonName()).contains("Interaction Recording");
    assertThat(certificate.email()).isEmpty();
    assertThat(certificate.source()).isEmpty();
    assertThat(certificate.encoded()).isEqualTo(x509.getEncoded());
    assertThat(certificate)
        .hasToString("CN=Interaction Recording,O=Acme #2f")
        .isEqualTo(RecordingCertificate.of(x509));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(RSA.getPublic().getEncoded());
    assertThat(certificate.publicKeySha256()).isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void issuer_isCopiedByteForByte_whateverItsStringTypesAndOrder() throws Exception {
    X500Name odd = new X500NameBuilder()
        .addRDN(BCStyle.O, new DERT61String("Monster & Sons, Inc."))
        .addMultiValuedRDN(
            new org.bouncycastle.asn1.ASN1ObjectIdentifier[] {BCStyle.CN, BCStyle.C},
            new org.bouncycastle.asn1.ASN1Encodable[] {
              new DERPrintableString("ca"), new DERPrintableString("CA")
            })
        .build();
    X509Certificate x509 = TestCertificate.of(RSA).issuer(odd).x509();

    byte[] issuerDer = RecordingCertificate.of(x509).issuerDer();

    byte[] expected =
        TBSCertificate.getInstance(x509.getTBSCertificate()).getIssuer().getEncoded();
    assertThat(issuerDer).isEqualTo(expected);
  }

  @Test
  void issuer_isCopiedByteForByte_whereTheSetIsNotInDerOrder() throws Exception {
    // SET OF out of order: X500Principal would sort it, and the recipient would not find its
    // certificate.
    X500Name name = new X500NameBuilder()
        .addMultiValuedRDN(
            new org.bouncycastle.asn1.ASN1ObjectIdentifier[] {BCStyle.CN, BCStyle.C},
            new String[] {"aaaa", "bb"})
        .build();
    byte[] sorted = name.getEncoded();
    byte[] der = TestCertificate.of(RSA).issuer(name).x509().getEncoded();
    int setContent = 4; // SEQUENCE and SET headers
    int firstEnd = setContent + 2 + sorted[setContent + 1];
    byte[] unsorted = sorted.clone();
    System.arraycopy(sorted, firstEnd, unsorted, setContent, sorted.length - firstEnd);
    System.arraycopy(
        sorted, setContent, unsorted, setContent + sorted.length - firstEnd, firstEnd - setContent);
    int at = indexOf(der, sorted);
    System.arraycopy(unsorted, 0, der, at, unsorted.length);

    RecordingCertificate certificate =
        RecordingCertificate.parse(Pem.encode("CERTIFICATE", der), "test.pem").get(0);

    assertThat(unsorted).isNotEqualTo(sorted);
    assertThat(certificate.issuerDer()).isEqualTo(unsorted);
  }

  @Test
  void subjectKeyIdentifier_isTheExtension_elseTheHashOfTheKey() throws Exception {
    byte[] hash =
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(RSA.getPublic()).getKeyIdentifier();

    RecordingCertificate without = TestCertificate.of(RSA).build();
    RecordingCertificate with = TestCertificate.of(RSA)
        .extension(Extension.subjectKeyIdentifier, new SubjectKeyIdentifier(new byte[] {1, 2, 3}))
        .build();
    RecordingCertificate tooLong = TestCertificate.of(RSA)
        .extension(Extension.subjectKeyIdentifier, new SubjectKeyIdentifier(new byte[65]))
        .build();

    assertThat(without.subjectKeyIdentifier().hex()).isEqualTo(HexFormat.of().formatHex(hash));
    assertThat(with.subjectKeyIdentifier().hex()).isEqualTo("010203");
    assertThat(tooLong.subjectKeyIdentifier()).isEqualTo(without.subjectKeyIdentifier());
  }

  @Test
  void email_isTheSubjects_elseTheFirstAlternativeName() throws Exception {
    GeneralNames names = new GeneralNames(new GeneralName[] {
      new GeneralName(GeneralName.dNSName, "acme.example"),
      new GeneralName(GeneralName.rfc822Name, "alternative@acme.example")
    });
    RecordingCertificate subject = TestCertificate.of(RSA)
        .subject(new X500Name("CN=Cert1 User,E=cert1.user@acme.example"))
        .extension(Extension.subjectAlternativeName, names)
        .build();
    RecordingCertificate alternative = TestCertificate.of(RSA)
        .extension(Extension.subjectAlternativeName, names)
        .build();

    assertThat(subject.email()).contains("cert1.user@acme.example");
    assertThat(subject.subject()).contains("EMAILADDRESS=cert1.user@acme.example");
    assertThat(alternative.email()).contains("alternative@acme.example");
  }

  @Test
  void terminalCommandsInAName_areNotShown() throws Exception {
    X500Name name =
        new X500NameBuilder().addRDN(BCStyle.CN, "evil\u001b[2J\u202egnp").build();

    RecordingCertificate certificate = TestCertificate.of(RSA).subject(name).build();

    assertThat(certificate.commonName()).contains("evil?[2J?gnp");
    assertThat(certificate.toString()).doesNotContain("\u001b", "\u202e");
  }

  @Test
  void anEcCertificate_isReadButHasNoRsaKey() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(TestCertificate.ec()).build();

    assertThat(certificate.isRsa()).isFalse();
    assertThat(certificate.keyAlgorithm()).isEqualTo("EC");
    assertThatThrownBy(certificate::publicKey)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a key for EC (expected: RSA)");
  }

  @Test
  void read_takesTheFirstCertificate_andNamesItsPlace() throws Exception {
    RecordingCertificate first = TestCertificate.of(RSA).build();
    RecordingCertificate second =
        TestCertificate.of(RSA).serialNumber(BigInteger.TEN).build();
    Path file = Files.write(
        folder.resolve("both.pem"),
        concat(
            Pem.encode("PRIVATE KEY", RSA.getPrivate().getEncoded()),
            first.toPem(),
            second.toPem()));

    assertThat(RecordingCertificate.read(file)).isEqualTo(first);
    assertThat(RecordingCertificate.read(file).source()).contains(file + ", block 2");
    assertThat(RecordingCertificate.readAll(file)).containsExactly(first, second);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
          PRIVATE KEY           | call.pem: a PRIVATE KEY, not a certificate (expected: BEGIN CERTIFICATE); give the certificate that belongs to this key
          RSA PRIVATE KEY       | call.pem: an RSA PRIVATE KEY, not a certificate
          ENCRYPTED PRIVATE KEY | call.pem: an ENCRYPTED PRIVATE KEY, not a certificate
          PUBLIC KEY            | a bare public key does not say whose it is
          CERTIFICATE REQUEST   | have a CA sign the request
          TRUSTED CERTIFICATE   | openssl x509
          PKCS7                 | openssl pkcs7
          """)
  void anotherKindOfBlock_isNamedWithItsCure(String label, String message) {
    byte[] pem = Pem.encode(label, RSA.getPrivate().getEncoded());

    assertThatThrownBy(() -> RecordingCertificate.parse(pem, "call.pem"))
        .isInstanceOf(CertificateUnreadableException.class)
        .hasMessageContaining(label + ", not a certificate (expected: BEGIN CERTIFICATE)")
        .hasMessageContaining(message);
  }

  @Test
  void notPem_saysWhatIsExpected() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path der =
        Files.write(folder.resolve("cert.der"), TestCertificate.of(RSA).build().encoded());

    assertThatThrownBy(() -> RecordingCertificate.read(empty))
        .isInstanceOf(CertificateUnreadableException.class)
        .hasMessageStartingWith(empty + ": empty")
        .hasMessageEndingWith("; a certificate has the line -----BEGIN CERTIFICATE-----");
    assertThatThrownBy(() -> RecordingCertificate.read(der)).hasMessageContaining("binary DER");
  }

  @Test
  void bytesAfterTheCertificate_areRefused() throws Exception {
    byte[] der = TestCertificate.of(RSA).build().encoded();

    assertThatThrownBy(() -> RecordingCertificate.parse(
            Pem.encode("CERTIFICATE", Arrays.copyOf(der, der.length + 1)), "call.pem"))
        .isInstanceOf(CertificateUnreadableException.class)
        .hasMessageContaining("1 bytes after the certificate");
  }

  @Test
  void everyTruncation_isRefusedWithTheFilesName() throws Exception {
    byte[] der = TestCertificate.of(RSA).build().encoded();

    for (int length = 0; length < der.length; length++) {
      byte[] pem = Pem.encode("CERTIFICATE", Arrays.copyOf(der, length));
      assertThatThrownBy(() -> RecordingCertificate.parse(pem, "call.pem"))
          .as("cut to %d bytes", length)
          .isInstanceOf(CertificateUnreadableException.class)
          .hasMessageStartingWith("call.pem: the certificate is damaged");
    }
  }

  @Test
  void aPkcs7OrPemInsideTheBlock_isNotTakenForACertificate() throws Exception {
    byte[] pem = TestCertificate.of(RSA).build().toPem();

    assertThatThrownBy(() -> RecordingCertificate.parse(Pem.encode("CERTIFICATE", pem), "call.pem"))
        .isInstanceOf(CertificateUnreadableException.class);
  }

  @Test
  void toPem_isReadByBouncyCastle() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(RSA).build();

    try (var parser = new org.bouncycastle.openssl.PEMParser(
        new java.io.StringReader(new String(certificate.toPem(), US_ASCII)))) {
      X509CertificateHolder holder = (X509CertificateHolder) parser.readObject();
      assertThat(holder.getEncoded()).isEqualTo(certificate.encoded());
    }
  }

  @Test
  void aNameThatIsNoText_isShownAsHexadecimal() throws Exception {
    ASN1EncodableVector nothing = new ASN1EncodableVector();
    X500Name name =
        new X500NameBuilder().addRDN(BCStyle.CN, new DERSequence(nothing)).build();

    RecordingCertificate certificate = TestCertificate.of(RSA).subject(name).build();

    assertThat(certificate.commonName())
        .hasValueSatisfying(text -> assertThat(text).startsWith("#"));
  }

  private static byte[] concat(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  @Test
  void foreignName_commandsNoTerminal() {
    var name =
        new X500NameBuilder().addRDN(BCStyle.CN, "A\u001b]0;pwn\u0007\nB").build();
    try {
      var identifier = new RecipientIdentifier.IssuerAndSerialNumber(
          new X500Principal(name.getEncoded()), BigInteger.TEN);

      assertThat(identifier.toString()).isEqualTo("CN=A?]0\\;pwn??B #a");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
