package dev.tapeseal.cli;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.certificate.Verdict.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether recordings may be encrypted under a certificate, and why: every check with its verdict. */
@Command(
    name = "verify",
    description =
        "Says whether recordings may be encrypted under a certificate: every check with its verdict.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 accepted, 5 refused."})
final class CertVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final PolicyOptions policyOptions = new PolicyOptions();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "As of this time, for example 2026-05-31T08:00:00Z; now by default.")
  private @Nullable Instant at;

  @Option(
      names = "--policy",
      paramLabel = "OID",
      description =
          "The chain must have been issued under this certificate policy, or another one that is given.")
  private List<String> policies = List.of();

  @Option(
      names = "--beside",
      paramLabel = "CERT.pem",
      description =
          "Certificates in use: none may share a prime factor, or issuer and serial number, with this one.")
  private List<Path> beside = List.of();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Parameters(
      paramLabel = "CERT.pem",
      description = "The recording certificate: the first of the file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path file;

  CertVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Instant when = at == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : at;
    CaBundle bundle = policyOptions.bundle(terminal);
    CertificatePolicy policy = policy(bundle);
    Inputs.requireFile(file);
    List<RecordingCertificate> certificates = RecordingCertificate.readAll(file);
    RecordingCertificate certificate = certificates.get(0);
    List<Verdict> verdicts = policy.check(certificate, when);
    boolean accepted = verdicts.stream().noneMatch(Verdict::isRefusal);
    List<String> notes = notes(bundle, certificates.size());
    if (json) {
      Json.print(terminal.out(), report(certificate, when, accepted, verdicts, notes));
    } else {
      print(certificate, when, accepted, verdicts);
      notes.forEach(note -> terminal.out().println("note: " + note));
    }
    return (accepted ? ExitCode.OK : ExitCode.REFUSED).number();
  }

  private CertificatePolicy policy(@Nullable CaBundle bundle) throws Exception {
    if (bundle == null && !policies.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--policy without --ca: certificate policies hold for chains (expected: --ca BUNDLE.pem with it)");
    }
    List<RecordingCertificate> known = new ArrayList<>();
    for (Path other : beside) {
      Inputs.requireFile(other);
      known.addAll(RecordingCertificate.readAll(other));
    }
    try {
      return policyOptions
          .policy(bundle)
          .withKnown(known)
          .withRequiredPolicies(new LinkedHashSet<>(policies));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--policy: " + e.getMessage(), e);
    }
  }

  private List<String> notes(@Nullable CaBundle bundle, int certificates) {
    List<String> notes = new ArrayList<>();
    if (bundle != null && bundle.certificates().size() > bundle.roots().size()) {
      notes.add(
          bundle.source()
              + " has intermediates: a single CA that signs recording certificates itself is what the guide recommends");
    }
    if (certificates > 1) {
      notes.add(
          file + " has " + certificates + " certificates: the first is the one that was checked");
    }
    return notes;
  }

  private void print(
      RecordingCertificate certificate, Instant when, boolean accepted, List<Verdict> verdicts) {
    terminal.out().println(certificate);
    int width =
        verdicts.stream().mapToInt(verdict -> verdict.rule().length()).max().orElse(0);
    for (Verdict verdict : verdicts) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "  %-11s  %-" + width + "s  %s%n",
              label(verdict.outcome()),
              verdict.rule(),
              verdict.explanation());
    }
    terminal.out().println((accepted ? "accepted" : "refused") + ", as of " + when);
  }

  private Map<String, @Nullable Object> report(
      RecordingCertificate certificate,
      Instant when,
      boolean accepted,
      List<Verdict> verdicts,
      List<String> notes) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("file", file.toString());
    report.put("subject", certificate.subject());
    report.put("issuer", certificate.issuer());
    report.put("serialNumber", certificate.serialNumber());
    report.put("at", when.toString());
    report.put("ca", policyOptions.ca() == null ? null : String.valueOf(policyOptions.ca()));
    report.put("accepted", accepted);
    report.put("checks", verdicts.stream().map(CertVerifyCommand::check).toList());
    report.put("notes", notes);
    return report;
  }

  private static Map<String, Object> check(Verdict verdict) {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("check", verdict.rule());
    check.put("verdict", label(verdict.outcome()));
    check.put("explanation", verdict.explanation());
    return check;
  }

  private static String label(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> "passed";
      case WARNING -> "warning";
      case REFUSED -> "refused";
      case NOT_CHECKED -> "not checked";
    };
  }
}
