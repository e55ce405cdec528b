package dev.tapeseal.rcs;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.Metrics;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.SessionRoutes;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.store.RecordingStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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
  private final Provisioning provisioning;
  private final AuditLog audit;
  private final Optional<String> proxyAccount;
  private final RcsMetrics metrics;
  private final SessionKeyCache sessionKeys;
  private final Duration sessionIdleTimeout;
  private final KnownKeyEnvelopes stored;
  private final AtomicReference<@Nullable Sessions> latestSessions = new AtomicReference<>();

  private CryptoServer(Builder builder) {
    this.keys = builder.keys;
    this.store = builder.store;
    this.provisioning = builder.provisioning;
    this.audit = builder.audit;
    this.proxyAccount = builder.proxyAccount;
    this.metrics = new RcsMetrics(builder.metrics);
    this.sessionKeys =
        new SessionKeyCache(builder.maxSessionKeys, builder.sessionKeyLifetime, metrics);
    this.sessionIdleTimeout = builder.sessionIdleTimeout;
    this.stored = new KnownKeyEnvelopes(store, System::nanoTime);
    metrics.watch(this::sessionCount);
  }

  /**
   * A crypto server to be, which no proxy asks.
   *
   * @param keys stays its caller's, as does the store and the log
   * @param provisioning whose IVR profiles and screen recording its certificates are deployed to, and whose authorities
   *     they must come from
   */
  public static Builder builder(
      RecordingKeyStore keys, RecordingStore store, Provisioning provisioning, AuditLog audit) {
    return new Builder(keys, store, provisioning, audit);
  }

  /** What a crypto server is made of. Confined to one thread. */
  public static final class Builder {
    private final RecordingKeyStore keys;
    private final RecordingStore store;
    private final Provisioning provisioning;
    private final AuditLog audit;
    private Optional<String> proxyAccount = Optional.empty();
    private Metrics metrics = new Metrics();
    private int maxSessionKeys = 10_000;
    private Duration sessionKeyLifetime = Duration.ofSeconds(60);
    private Duration sessionIdleTimeout = Duration.ofMinutes(30);

    private Builder(
        RecordingKeyStore keys, RecordingStore store, Provisioning provisioning, AuditLog audit) {
      this.keys = keys;
      this.store = store;
      this.provisioning = provisioning;
      this.audit = audit;
    }

    /** The user that the decryption proxy logs in as, whose word for who plays is taken. */
    public Builder proxyAccount(String name) {
      proxyAccount = Optional.of(name);
      return this;
    }

    /** Where its numbers go. */
    public Builder metrics(Metrics newMetrics) {
      metrics = newMetrics;
      return this;
    }

    /**
     * How unwrapped session keys are kept in memory.
     *
     * @param most 0 keeps none
     * @param lifetime after which one is wiped, whoever uses it meanwhile
     */
    public Builder sessionKeys(int most, Duration lifetime) {
      maxSessionKeys = most;
      sessionKeyLifetime = lifetime;
      return this;
    }

    /** How long a session may be unused before it ends. */
    public Builder sessionIdleTimeout(Duration timeout) {
      sessionIdleTimeout = timeout;
      return this;
    }

    /** Makes it. */
    public CryptoServer build() {
      return new CryptoServer(this);
    }
  }

  private double sessionCount() {
    Sessions sessions = latestSessions.get();
    return sessions == null ? 0 : sessions.count();
  }

  /** Its routes, with sessions of their own: a new router knows none of an old one's. */
  public Router router(PasswordLogin login, Clock clock) {
    Sessions sessions = new Sessions(
        Sessions.Settings.of("tapeseal-rcs", "/rcs").withIdle(sessionIdleTimeout), clock);
    latestSessions.set(sessions);
    Authentication authentication =
        new Authentication("RCS", login, sessions, "RCS is not available");
    Guard mayDecrypt = authentication.requires(DECRYPT);
    Guard mayAdminister = authentication.requires(ADMINISTER_CERTIFICATES);
    Guard mayList = authentication.requires(DECRYPT, ADMINISTER_CERTIFICATES);
    CertificateRules rules = new CertificateRules(keys, provisioning, clock);
    Players players = new Players(proxyAccount);
    SessionRoutes.Begun remembering = session -> KnownCertificates.remember(session, keys);
    List<Route> routes = new ArrayList<>(
        new SessionRoutes("/rcs/session", login, sessions, remembering).routes(authentication));
    routes.addAll(new PlayResources(keys, store, sessionKeys, audit, players).routes(mayDecrypt));
    routes.addAll(
        new DecryptResources(keys, stored, sessionKeys, audit, players).routes(mayDecrypt));
    routes.addAll(
        new CertificateResources(rules, store, sessionKeys, audit).routes(mayList, mayAdminister));
    routes.addAll(new DeploymentResources(rules, audit).routes(mayAdminister));
    return Router.of(routes).mapping(RcsFailures::answer);
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
        .mapping(RcsFailures::answer);
  }

  /** Wipes the session keys that it holds. */
  @Override
  public void close() {
    sessionKeys.close();
  }
}
