package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateRowTest {
  private static final KeyPair KEYS = keys();

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
          CN=GIR certificate           | -                         | CN=gir_21-06   | GIR certificate (Email not set)               | gir_21-06
          CN=Cert1 User                | cert1.user@genesyslab.com | CN=Certificate Administrator | Cert1 User <cert1.user@genesyslab.com> | Certificate Administrator
          CN=Cert1 User,E=a@x.example  | b@x.example               | CN=A           | Cert1 User <a@x.example>                      | A
          O=Acme                       | -                         | O=Acme CA,C=US | O=Acme (Email not set)                        | C=US,O=Acme CA
          """)
  void columns_areWordedAsDocumented(
      String subject, @Nullable String email, String issuer, String issuedTo, String issuedBy)
      throws Exception {
    RecordingCertificate certificate = certificate(subject, email, issuer, "2024-11-15T23:59:59Z");

    CertificateRow row = CertificateRow.of(certificate, 3);

    assertThat(row)
        .isEqualTo(new CertificateRow(issuedTo, issuedBy, LocalDate.of(2024, 11, 15), 3));
    assertThat(row.expires()).hasToString("2024-11-15");
  }

  @ParameterizedTest
  @CsvSource({"2024-11-15T00:00:00Z, 2024-11-15", "2024-11-14T23:59:59Z, 2024-11-14"})
  void expires_isADayOfUtc(String notAfter, LocalDate day) throws Exception {
    assertThat(CertificateRow.of(certificate("CN=x", null, "CN=y", notAfter), 0).expires())
        .isEqualTo(day);
  }

  @Test
  void terminalCommandsInANameAreNotPassedOn() throws Exception {
    CertificateRow row = CertificateRow.of(
        certificate("CN=a\u001b[2Jb", null, "CN=c\u202Ed", "2030-01-01T00:00:00Z"), 0);

    assertThat(row.issuedTo()).isEqualTo("a?[2Jb (Email not set)");
    assertThat(row.issuedBy()).isEqualTo("c?d");
  }

  private static RecordingCertificate certificate(
      String subject, @Nullable String email, String issuer, String notAfter) throws Exception {
    X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        new X500Name(issuer),
        BigInteger.ONE,
        Date.from(Instant.parse("2020-01-01T00:00:00Z")),
        Date.from(Instant.parse(notAfter)),
        new X500Name(subject),
        KEYS.getPublic());
    if (email != null) {
      GeneralNames names = new GeneralNames(new GeneralName(GeneralName.rfc822Name, email));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
    }
    var signer = new JcaContentSignerBuilder("SHA256withRSA").build(KEYS.getPrivate());
    return RecordingCertificate.of(
        new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }
}
