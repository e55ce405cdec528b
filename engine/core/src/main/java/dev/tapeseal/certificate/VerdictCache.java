package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the verdicts on certificates that were accepted, so that starting a recording costs a look-up. They hold
 * until the next instant at which one of the certificates or revocation lists involved begins or ends, or a list says
 * that one of the certificates is revoked from then on: that may lie after the list was made.
 *
 * <p>Safe for any thread. Holds the certificates that were used last, {@value #MAX_ENTRIES} at most.
 */
final class VerdictCache {
  private static final int MAX_ENTRIES = 64;
  private static final int MAX_BOUNDARIES = 1024;

  private final List<RevocationList> lists;
  private final TreeSet<Instant> boundaries = new TreeSet<>();
  private final Map<RecordingCertificate, Judged> judged = new LinkedHashMap<>(16, 0.75f, true);

  private record Judged(List<Verdict> verdicts, Instant from, Instant until) {
    boolean holds(Instant at) {
      return !at.isBefore(from) && at.isBefore(until);
    }
  }

  /** Takes the instants at which verdicts on any certificate may change. */
  VerdictCache(@Nullable CaBundle ca, List<RevocationList> lists) {
    this.lists = List.copyOf(lists);
    if (ca != null) {
      ca.certificates().forEach(certificate -> addPeriodOf(boundaries, certificate));
      addRevocationsOf(boundaries, ca.certificates());
    }
    for (RevocationList list : lists) {
      boundaries.add(list.x509().getThisUpdate().toInstant());
      if (list.x509().getNextUpdate() != null) {
        boundaries.add(list.x509().getNextUpdate().toInstant());
        boundaries.add(list.x509().getNextUpdate().toInstant().plusSeconds(1));
      }
    }
  }

  private static void addPeriodOf(Set<Instant> to, RecordingCertificate certificate) {
    to.add(certificate.notBefore());
    to.add(certificate.notAfter().plusSeconds(1)); // the last second belongs to it
  }

  /** By serial number alone, since a list may be another authority's than the certificates': a date too many does no harm. */
  private void addRevocationsOf(Set<Instant> to, Collection<RecordingCertificate> certificates) {
    Set<BigInteger> serialNumbers = certificates.stream()
        .map(certificate -> certificate.x509().getSerialNumber())
        .collect(Collectors.toSet());
    for (RevocationList list : lists) {
      Set<? extends X509CRLEntry> entries = list.x509().getRevokedCertificates();
      if (entries != null) {
        for (X509CRLEntry entry : entries) {
          if (serialNumbers.contains(entry.getSerialNumber())) {
            to.add(entry.getRevocationDate().toInstant());
          }
        }
      }
    }
  }

  /** The verdicts that are remembered for that instant, or those that are made now. */
  List<Verdict> verdicts(
      RecordingCertificate certificate,
      Instant at,
      Instant warningFrom,
      Supplier<List<Verdict>> check) {
    Judged known;
    synchronized (judged) {
      known = judged.get(certificate);
    }
    if (known != null && known.holds(at)) {
      return known.verdicts;
    }
    List<Verdict> verdicts = check.get();
    if (verdicts.stream().noneMatch(Verdict::isRefusal) && boundaries.size() <= MAX_BOUNDARIES) {
      remember(certificate, at, warningFrom, verdicts);
    }
    return verdicts;
  }

  private void remember(
      RecordingCertificate certificate, Instant at, Instant warningFrom, List<Verdict> verdicts) {
    TreeSet<Instant> all = new TreeSet<>(boundaries);
    addPeriodOf(all, certificate);
    addRevocationsOf(all, List.of(certificate));
    all.add(warningFrom);
    Instant from = all.floor(at);
    Instant until = all.higher(at);
    if (from == null || until == null) {
      return;
    }
    synchronized (judged) {
      judged.put(certificate, new Judged(verdicts, from, until));
      if (judged.size() > MAX_ENTRIES) {
        judged.remove(judged.keySet().iterator().next());
      }
    }
  }
}
