package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.Provisioning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A certificate on its way into a profile or to screen recording, and what the policy says of it.
 *
 * @param verdicts of every rule
 */
record Deployment(RecordingCertificate certificate, List<Verdict> verdicts) {

  /**
   * Reads the first certificate of a file, and judges it as of now: by a profile's rules, or those of screen recording.
   *
   * @param profile null for screen recording
   */
  static Deployment judge(Path file, Provisioning provisioning, @Nullable IvrProfile profile)
      throws IOException, RecordingCertificateException {
    RecordingCertificate certificate = RecordingCertificate.read(file);
    List<Verdict> verdicts =
        provisioning.judge(certificate, Optional.ofNullable(profile), List.of(), Instant.now());
    return new Deployment(certificate, verdicts);
  }

  /** Puts a certificate where it belongs. */
  @FunctionalInterface
  interface Action {
    DeployedCertificates deploy(RecordingCertificate certificate) throws IOException;
  }

  /** Carries it out where no rule forbids it, and says what the rules say. */
  ExitCode carryOut(Terminal terminal, boolean json, Profiles profiles, Action action)
      throws IOException {
    boolean isRefused = verdicts.stream().anyMatch(Verdict::isRefusal);
    DeployedCertificates deployed = isRefused ? null : action.deploy(certificate);
    explain(terminal);
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("deployed", !isRefused);
      report.put("certificate", certificate.toString());
      report.put("verdicts", jsonVerdicts());
      if (deployed != null) {
        report.put("certificates", CertificateTable.json(deployed, profiles));
      }
      Json.print(terminal.out(), report);
    } else if (deployed != null) {
      CertificateTable.print(terminal.out(), deployed, profiles);
    }
    return isRefused ? ExitCode.REFUSED : ExitCode.OK;
  }

  /** Says what is wrong with it, a line a rule. */
  private void explain(Terminal terminal) {
    for (Verdict verdict : verdicts) {
      if (verdict.isRefusal() || verdict.isWarning()) {
        terminal.note("tapeseal: " + (verdict.isRefusal() ? "refused: " : "warning: ") + certificate
            + ": " + verdict.rule() + ": " + verdict.explanation());
      }
    }
  }

  /** Every verdict, those that passed too. */
  private List<Map<String, Object>> jsonVerdicts() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("rule", verdict.rule());
      row.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
      row.put("explanation", verdict.explanation());
      rows.add(row);
    }
    return rows;
  }
}
