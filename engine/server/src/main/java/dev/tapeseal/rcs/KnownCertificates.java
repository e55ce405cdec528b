package dev.tapeseal.rcs;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Session;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The certificates that a session knows: as they were at its login, and what was done in it since. What others upload
 * and delete meanwhile it does not see, as documented. A request with name and password is a session of its own. Safe
 * for any thread.
 */
final class KnownCertificates {
  private final List<KeyEntry> entries; // guarded by this

  private KnownCertificates(List<KeyEntry> entries) {
    this.entries = new ArrayList<>(entries);
  }

  /** At a login. */
  static void remember(Session session, RecordingKeyStore keys) {
    session.attach(KnownCertificates.class, new KnownCertificates(keys.entries()));
  }

  /** Those of a request's session. */
  static KnownCertificates of(Request request, RecordingKeyStore keys) {
    return request
        .session()
        .flatMap(session -> session.attachment(KnownCertificates.class))
        .orElseGet(() -> new KnownCertificates(keys.entries()));
  }

  synchronized List<KeyEntry> all() {
    return List.copyOf(entries);
  }

  synchronized Optional<KeyEntry> find(String alias) {
    return entries.stream()
        .filter(entry -> entry.alias().equals(alias.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /**
   * The one of an alias.
   *
   * @throws HttpException 404 where the session knows none
   */
  KeyEntry require(String alias) {
    return find(alias)
        .orElseThrow(() -> new HttpException(
            404,
            "not-found",
            "There is no such certificate.",
            "List the certificates; those of other sessions are seen after logging in again."));
  }

  synchronized void added(KeyEntry entry) {
    entries.add(entry);
  }

  synchronized void deleted(KeyEntry entry) {
    entries.removeIf(known -> known.alias().equals(entry.alias()));
  }
}
