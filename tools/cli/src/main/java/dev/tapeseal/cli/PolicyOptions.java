package dev.tapeseal.cli;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.certificate.RevocationList;
import dev.tapeseal.certificate.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What recording certificates are checked against before anything is encrypted under them. */
final class PolicyOptions {
  private static final int MAX_WARN_DAYS = 36_500;

  @Option(
      names = "--ca",
      paramLabel = "BUNDLE.pem",
      description =
          "The CA bundle that certificates must come from: the intermediate nearest them first, the root last.")
  private @Nullable Path ca;

  @Option(
      names = "--crl",
      paramLabel = "FILE",
      description =
          "A revocation list of the CA bundle's authorities, PEM or DER; repeat it. None is fetched.")
  private List<Path> revocationLists = List.of();

  @Option(
      names = "--warn-days",
      paramLabel = "N",
      description = "Warn so many days before a certificate expires; 30 by default.")
  private @Nullable Integer warnDays;

  PolicyOptions() {}

  /** Whether any of them was given. */
  boolean isGiven() {
    return ca != null || !revocationLists.isEmpty() || warnDays != null;
  }

  /** The CA bundle's file. */
  @Nullable
  Path ca() {
    return ca;
  }

  /** Every file that is named. */
  List<Path> files() {
    List<Path> files = new ArrayList<>(revocationLists);
    if (ca != null) {
      files.add(ca);
    }
    return files;
  }

  /** The CA bundle; null where none is given. */
  @Nullable
  CaBundle bundle(Terminal terminal) throws IOException, RecordingCertificateException {
    if (ca == null) {
      if (!revocationLists.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            "--crl without --ca: whose revocation lists? (expected: --ca BUNDLE.pem with it)");
      }
      return null;
    }
    Inputs.requireFile(ca);
    CaBundle bundle = CaBundle.read(ca);
    bundle.warnings().forEach(warning -> warn(terminal, warning));
    return bundle;
  }

  /** The rules for recording certificates against that bundle. */
  CertificatePolicy policy(@Nullable CaBundle bundle)
      throws IOException, RecordingCertificateException {
    if (warnDays != null && (warnDays < 0 || warnDays > MAX_WARN_DAYS)) {
      throw new CommandException(
          ExitCode.USAGE, "--warn-days " + warnDays + " (expected: 0 to " + MAX_WARN_DAYS + ")");
    }
    Duration warnBefore =
        warnDays == null ? CertificatePolicy.WARN_BEFORE : Duration.ofDays(warnDays);
    List<RevocationList> lists = new ArrayList<>();
    for (Path file : revocationLists) {
      Inputs.requireFile(file);
      lists.addAll(RevocationList.readAll(file));
    }
    CertificatePolicy policy =
        CertificatePolicy.forRecording().withWarnBefore(warnBefore).withRevocationLists(lists);
    return bundle == null ? policy : policy.withCa(bundle);
  }

  /**
   * Reads recording certificates, the first of each file, asks the policy about each, and says what it warns of.
   *
   * @return each certificate once, in the order of the files
   */
  List<RecordingCertificate> accept(Terminal terminal, List<Path> files)
      throws IOException, RecordingCertificateException {
    return accept(terminal, List.of(files), policy(bundle(terminal))).get(0);
  }

  /** The same for several sets of recipients, each certificate checked beside all the others. */
  List<List<RecordingCertificate>> acceptSets(Terminal terminal, List<List<Path>> sets)
      throws IOException, RecordingCertificateException {
    return accept(terminal, sets, policy(bundle(terminal)));
  }

  private static List<List<RecordingCertificate>> accept(
      Terminal terminal, List<List<Path>> sets, CertificatePolicy policy)
      throws IOException, RecordingCertificateException {
    List<List<RecordingCertificate>> certificates = new ArrayList<>();
    Set<RecordingCertificate> all = new LinkedHashSet<>();
    for (List<Path> files : sets) {
      Set<RecordingCertificate> set = new LinkedHashSet<>();
      for (Path file : files) {
        Inputs.requireFile(file);
        set.add(RecordingCertificate.read(file));
      }
      certificates.add(List.copyOf(set));
      all.addAll(set);
    }
    CertificatePolicy beside = policy.withKnown(all);
    Instant now = Instant.now();
    for (RecordingCertificate certificate : all) {
      beside.accept(certificate, now);
      beside.check(certificate, now).stream()
          .filter(Verdict::isWarning)
          .forEach(verdict ->
              warn(terminal, certificate + ": " + verdict.rule() + ": " + verdict.explanation()));
    }
    return certificates;
  }

  private static void warn(Terminal terminal, String what) {
    terminal.note("tapeseal: warning: " + what);
  }
}
