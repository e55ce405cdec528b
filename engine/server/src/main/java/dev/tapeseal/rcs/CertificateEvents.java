package dev.tapeseal.rcs;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.Request;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the audit log has of a change: who, and which certificate. */
final class CertificateEvents {
  private CertificateEvents() {}

  static Map<String, String> of(Request request, String alias, RecordingCertificate certificate) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("user", request.principal().name());
    facts.put("certificate", alias);
    facts.put("subject", certificate.subject());
    facts.put("serialNumber", certificate.serialNumber());
    return facts;
  }
}
