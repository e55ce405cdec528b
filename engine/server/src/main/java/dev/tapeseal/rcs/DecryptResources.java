package dev.tapeseal.rcs;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code POST /rcs/decrypt}: an encrypted message in, its plaintext out, both as they come and in constant memory. */
final class DecryptResources {
  private final RecordingKeyStore keys;
  private final KnownKeyEnvelopes stored;
  private final SessionKeyCache sessionKeys;
  private final AuditLog audit;
  private final Players players;

  DecryptResources(
      RecordingKeyStore keys,
      KnownKeyEnvelopes stored,
      SessionKeyCache sessionKeys,
      AuditLog audit,
      Players players) {
    this.keys = keys;
    this.stored = stored;
    this.sessionKeys = sessionKeys;
    this.audit = audit;
    this.players = players;
  }

  List<Route> routes(Guard mayDecrypt) {
    return List.of(Route.post("/rcs/decrypt")
        .guardedBy(mayDecrypt)
        .bodyStreamedUpTo(Long.MAX_VALUE)
        .handledBy(this::decrypt));
  }

  private Response decrypt(Request request) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("user", players.of(request));
    try {
      var plaintext = RecordingReader.openStream(
          request.bodyChannel(),
          part -> null,
          stored.keepingOut(sessionKeys.caching(keys::unwrapperForService, (entry, outcome) -> {
            facts.put("certificate", entry.alias());
            facts.put("unwrap", outcome.name());
          })),
          RecordingExpectation.none());
      facts.put("outcome", "opened");
      // its end alone would tell a wrong key from wrong padding: found early or late, that is one
      // and the same cut
      return Response.streamAtOnce(200, "application/octet-stream", plaintext);
    } catch (EnvelopeException e) {
      facts.put("outcome", "refused: " + e.getMessage());
      throw e;
    } finally {
      audit.add("decrypt", facts);
    }
  }
}
