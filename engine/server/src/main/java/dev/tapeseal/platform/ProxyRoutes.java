package dev.tapeseal.platform;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.proxy.CryptoServerAccess;
import dev.tapeseal.proxy.ProxyAccount;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whom the decryption proxy asks: the crypto server of this process, whichever of its addresses a setting names and where
 * none does, by a way of its own; all others as the settings have them. So that the proxy needs no password for its own
 * process, and its requests take no threads from those who wait for them. Any thread.
 */
final class ProxyRoutes {
  private final CryptoServerAccess own;
  private final CompletableFuture<Integer> ownPort;
  private final Optional<URI> publicUri;
  private final Optional<ProxyAccount> account;

  /**
   * Makes them.
   *
   * @param own the way to the crypto server of this process
   * @param ownPort the port at which others reach it
   * @param publicUri where clients reach this node
   * @param account who the proxy is elsewhere
   */
  ProxyRoutes(
      CryptoServerAccess own,
      CompletableFuture<Integer> ownPort,
      Optional<URI> publicUri,
      Optional<ProxyAccount> account) {
    this.own = own;
    this.ownPort = ownPort;
    this.publicUri = publicUri;
    this.account = account;
  }

  /** From what the settings name to whom is asked. */
  List<CryptoServerAccess> accesses(List<URI> named) {
    if (named.isEmpty()) {
      return List.of(own);
    }
    List<CryptoServerAccess> accesses = new ArrayList<>();
    for (URI uri : named) {
      if (isOwn(uri)) {
        accesses.add(own);
      } else if (account.isPresent()) {
        accesses.add(new CryptoServerAccess(uri, account.get()));
      }
    }
    if (accesses.isEmpty()) {
      throw new HttpException(
          503,
          "no-proxy-account",
          "This node has no account at the crypto server of its location.",
          "Set proxy.decrypt-user and proxy.decrypt-password-file, and start it anew.");
    }
    return accesses;
  }

  private boolean isOwn(URI uri) {
    if (!"/rcs".equals(uri.getPath())) {
      return false;
    }
    boolean isPublic = publicUri
        .map(shown -> String.valueOf(uri.getRawAuthority()).equals(shown.getRawAuthority()))
        .orElse(false);
    return isPublic
        || (port(uri) == ownPort.join() && isThisMachine(String.valueOf(uri.getHost())));
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static boolean isThisMachine(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false; // asking it will say what is wrong
    }
  }
}
