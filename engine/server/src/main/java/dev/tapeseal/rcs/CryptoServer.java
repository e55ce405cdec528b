package dev.tapeseal.rcs;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The crypto server: sessions, decrypted playback of stored recordings, and decryption of messages. Whatever keeps a
 * recording from being opened, a client is answered the same; the audit log says which it was. Safe for any thread.
 */
public final class CryptoServer implements AutoCloseable {
  /** The documented privilege to list certificates and to play encrypted recordings. */
  public static final String DECRYPT = "decrypt";

  /** The documented privilege to upload, delete and assign recording certificates and keys. */
  public static final String ADMINISTER_CERTIFICATES = "administer-certificates";

  private final RecordingKeyStore keys;
  private final RecordingStore store;
  private final AuditLog audit;
  private final Optional<String> proxyAccount;
  private final SessionKeyCache sessionKeys = new SessionKeyCache();

  /**
   * Makes one.
   *
   * @param keys stays its caller's, as does the store and the log
   * @param proxyAccount the user that the decryption proxy logs in as, whose word for who plays is taken
   */
  public CryptoServer(
      RecordingKeyStore keys, RecordingStore store, AuditLog audit, Optional<String> proxyAccount) {
    this.keys = keys;
    this.store = store;
    this.audit = audit;
    this.proxyAccount = proxyAccount;
  }

  /** Its routes, with sessions of their own: a new router knows none of an old one's. */
  public Router router(PasswordLogin login, Clock clock) {
    Sessions sessions = new Sessions(Sessions.Settings.of("tapeseal-rcs", "/rcs"), clock);
    Authentication authentication =
        new Authentication("RCS", login, sessions, "RCS is not available");
    Guard mayDecrypt = authentication.requires(DECRYPT);
    Players players = new Players(proxyAccount);
    List<Route> routes =
        new ArrayList<>(new SessionResources(login, sessions).routes(authentication));
    routes.addAll(new PlayResources(keys, store, sessionKeys, audit, players).routes(mayDecrypt));
    routes.addAll(new DecryptResources(keys, sessionKeys, audit, players).routes(mayDecrypt));
    return Router.of(routes).mapping(CryptoServer::answer);
  }

  /**
   * The routes that play, for a decryption proxy in the same process.
   *
   * @param guard lets in the proxy alone
   * @param proxyName who the guard says that it is, whose word for who plays is taken
   */
  public Router playbackRouter(Guard guard, String proxyName) {
    Players players = new Players(Optional.of(proxyName));
    return Router.of(new PlayResources(keys, store, sessionKeys, audit, players).routes(guard))
        .mapping(CryptoServer::answer);
  }

  private static Optional<HttpException> answer(Throwable failure) {
    if (failure instanceof EnvelopeException) {
      return Optional.of(new HttpException(
          422,
          "not-decryptable",
          "It cannot be decrypted.",
          "The audit log of the crypto server says why."));
    }
    if (failure instanceof NoSuchFileException) {
      return Optional.of(new HttpException(
          404, "not-stored", "The media are not in the storage.", "Restore them from a backup."));
    }
    return Optional.empty();
  }

  /** Wipes the session keys that it holds. */
  @Override
  public void close() {
    sessionKeys.close();
  }
}
