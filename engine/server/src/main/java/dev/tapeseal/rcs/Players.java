package dev.tapeseal.rcs;

import dev.tapeseal.http.Principal;
import dev.tapeseal.http.Request;
import java.util.Optional;

/**
 * Who plays, for the audit: whoever is logged in, or, where that is the decryption proxy, whom it says it plays for. From
 * nobody else is such a name taken.
 */
record Players(Optional<String> proxyAccount) {
  /** The header in which the proxy passes the player's name. */
  static final String HEADER = "X-Tapeseal-Player";

  String of(Request request) {
    Principal principal = request.principal();
    Optional<String> player = request.header(HEADER);
    return player.isPresent() && proxyAccount.equals(Optional.of(principal.name()))
        ? player.get() + " by " + principal.name()
        : principal.name();
  }
}
