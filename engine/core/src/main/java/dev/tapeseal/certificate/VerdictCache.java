package dev.tapeseal.certificate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the verdicts on certificates that were accepted, so that starting a recording costs a look-up. They hold
 * until the next instant at which one of the certificates or revocation lists involved begins or ends.
 *
 * <p>Safe for any thread. Holds the certificates that were used last, {@value #MAX_ENTRIES} at most.
 */
final class VerdictCache {
  private static final int MAX_ENTRIES = 64;
  private static final int MAX_BOUNDARIES = 1024;

  private final TreeSet<Instant> boundaries = new TreeSet<>();
  private final Map<RecordingCertificate, Judged> judged = new LinkedHashMap<>(16, 0.75f, true);

  private record Judged(List<Verdict> verdicts, Instant from, Instant until) {
    boolean holds(Instant at) {
      return !at.isBefore(from) && at.isBefore(until);
    }
  }

  /** Takes the instants at which verdicts on any certificate may change. */
  VerdictCache(@Nullable CaBundle ca, List<RevocationList> lists) {
    if (ca != null) {
      ca.certificates().forEach(certificate -> addPeriodOf(boundaries, certificate));
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
