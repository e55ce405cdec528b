package dev.tapeseal.cli;

import dev.tapeseal.certificate.CertificateDetails;
import dev.tapeseal.certificate.RecordingCertificate;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the commands that make keys, requests and certificates say of them, as JSON on standard output. */
final class CertificateReport {
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  CertificateReport() {}

  /** A file that was written. */
  CertificateReport file(String name, @Nullable Path file) {
    if (file != null) {
      members.put(name, file.toString());
    }
    return this;
  }

  /** What a request asks for. */
  CertificateReport details(CertificateDetails details) {
    members.put("subjectName", details.subjectName());
    members.put("serialNumber", details.serialNumber());
    members.put("subjectDn", details.subjectDn());
    members.put("issuerDn", details.issuerDn());
    members.put("keyDetails", details.keyDetails());
    return this;
  }

  /** What a certificate says. */
  CertificateReport certificate(RecordingCertificate certificate) {
    details(CertificateDetails.of(certificate));
    members.put("validFrom", certificate.notBefore().toString());
    members.put("validTo", certificate.notAfter().toString());
    return this;
  }

  void print(Terminal terminal) {
    Json.print(terminal.out(), members);
  }
}
