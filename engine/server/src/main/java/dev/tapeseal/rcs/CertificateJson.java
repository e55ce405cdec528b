package dev.tapeseal.rcs;

import dev.tapeseal.certificate.CertificateDetails;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.keystore.DeletionImpact;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.profile.CertificateRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certificates as answers show them: columns and fields of the documented panels, in the spelling of JSON. */
final class CertificateJson {
  private CertificateJson() {}

  /** A row of the documented list. */
  static Map<String, @Nullable Object> row(KeyEntry entry, int deployedCount, Instant now) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("alias", entry.alias());
    members.putAll(row(entry.certificate(), deployedCount));
    members.put("state", entry.state(now).name().toLowerCase(Locale.ROOT));
    return members;
  }

  static Map<String, @Nullable Object> row(RecordingCertificate certificate, int deployedCount) {
    CertificateRow row = CertificateRow.of(certificate, deployedCount);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("issuedTo", row.issuedTo());
    members.put("issuedBy", row.issuedBy());
    members.put("expires", row.expires().toString());
    members.put("deployedCount", row.deployedCount());
    return members;
  }

  /** The fields that the documented upload panel fills of the certificate's file. */
  static Map<String, @Nullable Object> fields(RecordingCertificate certificate) {
    CertificateDetails details = CertificateDetails.of(certificate);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("subjectName", details.subjectName());
    members.put("serialNumber", details.serialNumber());
    members.put("subjectDn", details.subjectDn());
    members.put("issuerDn", details.issuerDn());
    return members;
  }

  /** All there is to say of one. */
  static Map<String, @Nullable Object> details(KeyEntry entry) {
    RecordingCertificate certificate = entry.certificate();
    Map<String, @Nullable Object> members = fields(certificate);
    members.put("keyDetails", CertificateDetails.keyDetails(certificate.x509().getPublicKey()));
    members.put("notBefore", certificate.notBefore().toString());
    members.put("notAfter", certificate.notAfter().toString());
    members.put("publicKeySha256", certificate.publicKeySha256());
    members.put("certificate", new String(certificate.toPem(), StandardCharsets.US_ASCII));
    return members;
  }

  static List<Map<String, Object>> verdicts(List<Verdict> verdicts) {
    return verdicts.stream().map(CertificateJson::verdict).toList();
  }

  private static Map<String, Object> verdict(Verdict verdict) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("rule", verdict.rule());
    members.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
    members.put("explanation", verdict.explanation());
    return members;
  }

  /** What would be lost with a key. */
  static Map<String, @Nullable Object> impact(DeletionImpact impact) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("alias", impact.entry().alias());
    members.put("unreadable", impact.unreadable());
    members.put("examples", impact.examples().stream().map(Object::toString).toList());
    members.put("sameKeyAlias", impact.heir().orElse(null));
    return members;
  }

  /** An error as all of ours look, and what it is about beside it. */
  static Map<String, Object> error(
      String code, String message, String hint, String name, Object about) {
    Map<String, String> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("hint", hint);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("error", error);
    answer.put(name, about);
    return answer;
  }
}
