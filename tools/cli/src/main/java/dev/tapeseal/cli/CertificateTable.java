package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.CertificateOption;
import dev.tapeseal.profile.CertificateOption.Corrupt;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.profile.CertificateRow;
import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.Profiles;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The certificates of a profile or of screen recording as lists show them: the columns and the wording of the first
 * are the administrator's, as documented; the option's name before them is for removing it.
 */
final class CertificateTable {
  private CertificateTable() {}

  /** Prints it for people. */
  static void print(PrintStream out, DeployedCertificates deployed, Profiles profiles)
      throws IOException {
    if (deployed.options().isEmpty()) {
      out.println("No items");
      out.flush();
      return;
    }
    row(out, "Option", "Issued To", "Issued By", "Expires", "Deployed Count");
    for (CertificateOption option : deployed.options()) {
      if (option instanceof Intact intact) {
        CertificateRow row =
            CertificateRow.of(intact.certificate(), profiles.deployedCount(intact.certificate()));
        row(out, option.name(), row.issuedTo(), row.issuedBy(), row.expires(), row.deployedCount());
      } else if (option instanceof Corrupt corrupt) {
        out.printf("%-16s  corrupt: %s%n", option.name(), corrupt.damage());
      }
    }
    out.flush();
  }

  private static void row(PrintStream out, Object... columns) {
    out.println(
        String.format(Locale.ROOT, "%-16s  %-40s  %-28s  %-10s  %s", columns).stripTrailing());
  }

  /** The same as JSON. */
  static List<Map<String, Object>> json(DeployedCertificates deployed, Profiles profiles)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (CertificateOption option : deployed.options()) {
      if (option instanceof Intact intact) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("option", intact.name());
        row.putAll(json(
            intact.certificate(),
            CertificateRow.of(intact.certificate(), profiles.deployedCount(intact.certificate()))));
        rows.add(row);
      } else if (option instanceof Corrupt corrupt) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("option", corrupt.name());
        row.put("corrupt", corrupt.damage());
        rows.add(row);
      }
    }
    return rows;
  }

  /** One certificate as JSON: its row, and what tells it from others. */
  static Map<String, Object> json(RecordingCertificate certificate, CertificateRow row) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("issuedTo", row.issuedTo());
    members.put("issuedBy", row.issuedBy());
    members.put("expires", row.expires().toString());
    members.put("deployedCount", row.deployedCount());
    members.put("subject", certificate.subject());
    members.put("issuer", certificate.issuer());
    members.put("serialNumber", certificate.serialNumber());
    members.put("notBefore", certificate.notBefore().toString());
    members.put("notAfter", certificate.notAfter().toString());
    members.put("publicKeySha256", certificate.publicKeySha256());
    return members;
  }
}
