package dev.tapeseal.platform;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Health;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.Metrics;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.SessionRoutes;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.keystore.CaCertificateStore;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyState;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.proxy.CryptoServerAccess;
import dev.tapeseal.proxy.DecryptionProxy;
import dev.tapeseal.proxy.ProxyAccount;
import dev.tapeseal.rcs.AuditLog;
import dev.tapeseal.rcs.CryptoServer;
import dev.tapeseal.recorder.DeliveryAccounts;
import dev.tapeseal.recorder.RecorderService;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKey;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.TrustedAuthorities;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import dev.tapeseal.webservices.WebServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The services over one data folder, in this process: they listen, are tested and warm when {@link #start} returns.
 * Nothing of it is global, so that any number run side by side, each in a folder of its own. Safe for any thread.
 *
 * <p>It is longer than most classes because it is where all of them meet.
 */
public final class Platform implements AutoCloseable {
  private static final String OWN_PROXY = "decryption-proxy";

  private final RecordingStore store;
  private final RecordingKeyStore keys;
  private final Provisioning provisioning;
  private final Health health;
  private final Readiness readiness;
  private final Map<SettingKey<Integer>, HttpServer> servers;
  private final HttpServer internal;
  private final Settings settings;
  private final Optional<Secret> firstOpsPassword;
  private final boolean keyStorePasswordMade;
  private final Router router;
  private final Closing closing;
  private final Optional<Thread> shutdownHook;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Opens and starts everything; what is opened is added to {@code opened}, also where it then fails. */
  private Platform(PlatformSettings given, Closing opened)
      throws IOException, GeneralSecurityException {
    this.closing = opened;
    DataFolder folder = given.folder();
    Clock clock = given.clock();
    SecureRandom random = new SecureRandom();
    settings = folder.settings();
    Metrics metrics = new Metrics();
    Files.createDirectories(folder.path());

    provisioning = Provisioning.open(folder, CaCertificateStore.of(settings));
    store = opened.add(DataStore.open(folder));
    OpenedKeyStore keyStore = OpenedKeyStore.open(given, random);
    keys = opened.add(keyStore.keys());
    keyStorePasswordMade = keyStore.passwordMade();
    AuditLog audit = opened.add(AuditLog.open(folder.auditLog(), clock));
    UsersFile users = UsersFile.open(folder.users());

    PasswordLogin login = new PasswordLogin(users, audit.logins(), clock);
    CryptoServer rcs = opened.add(CryptoServer.builder(keys, store, provisioning, audit)
        .proxyAccount(settings.value(SettingKeys.PROXY_USER))
        .sessionKeys(
            settings.value(SettingKeys.KEY_CACHE_ENTRIES),
            settings.value(SettingKeys.KEY_CACHE_LIFETIME))
        .sessionIdleTimeout(settings.value(SettingKeys.SESSION_IDLE_TIMEOUT))
        .metrics(metrics)
        .build());
    ProxyAccount ownProxy = opened.add(newAccount(random));
    internal = opened.add(
        HttpServer.builder(rcs.playbackRouter(ownProxy.guard(), OWN_PROXY)).start());

    Optional<TrustedAuthorities> trusted = TrustedAuthorities.of(settings);
    CompletableFuture<URI> webUri = new CompletableFuture<>();
    CompletableFuture<URI> proxyUri = new CompletableFuture<>();
    CompletableFuture<Integer> rcsPort = new CompletableFuture<>();
    WebServices services =
        new WebServices(store, node(settings), folder.path(), webUri::join, proxyUri::join);
    DecryptionProxy proxy = opened.add(new DecryptionProxy(
        store,
        services.decryptUriPrefixes(),
        new ProxyRoutes(
            new CryptoServerAccess(URI.create(internal.uri() + "/rcs"), ownProxy),
            rcsPort,
            settings.find(SettingKeys.PUBLIC_URI),
            accountElsewhere(settings, opened))::accesses,
        trusted));
    Sessions sessions = new Sessions(
        Sessions.Settings.of("tapeseal-irws", "/")
            .withIdle(settings.value(SettingKeys.SESSION_IDLE_TIMEOUT)),
        clock);
    Authentication authentication =
        new Authentication("IRWS", login, sessions, "Your session is over.");

    RecorderService recorder = opened.add(RecorderService.builder(store, provisioning)
        .tenant(new Tenant(
            settings.value(SettingKeys.CONTACT_CENTER_ID), settings.value(SettingKeys.TENANT_NAME)))
        .clock(clock)
        .accounts(DeliveryAccounts.of(settings))
        .waitingIn(folder.undelivered())
        .mediaFrom(folder.path().resolve("media"))
        .start());

    readiness = new Readiness(keys, store, folder.recordings());
    health = readiness.health();
    List<Route> commonRoutes = new ArrayList<>(health.routes());
    commonRoutes.add(metrics.route());
    commonRoutes.add(OpenApi.route());
    Router common = Router.of(commonRoutes);
    Listeners listeners = new Listeners(settings, common, metrics, clock);
    Router ofRcs = rcs.router(login, clock);
    SessionRoutes ofSessions =
        new SessionRoutes("/api/v2/session", login, sessions, SessionRoutes.Begun.NOTHING);
    Router ofServices = services
        .router(authentication)
        .and(recorder.router(authentication))
        .and(Router.of(ofSessions.routes(authentication)));
    Router ofProxy = proxy.router(authentication);
    listeners.add(SettingKeys.PROXY_PORT, ofProxy);
    listeners.add(SettingKeys.WEBSERVICES_PORT, ofServices);
    listeners.add(SettingKeys.RCS_PORT, ofRcs);
    router = ofRcs.and(ofServices).and(ofProxy).and(common);
    listeners.requireSafe();
    servers = listeners.start(opened);
    webUri.complete(clientUri(SettingKeys.WEBSERVICES_PORT));
    proxyUri.complete(clientUri(SettingKeys.PROXY_PORT));
    rcsPort.complete(server(SettingKeys.RCS_PORT).port());

    measureKeys(metrics, clock);
    measureEnvelopes(metrics, recorder);
    new SelfTest(random).run(keys, clock, given.warmUp());
    firstOpsPassword =
        OpsUser.ensure(users, given, random); // last: a start that fails tells no one
    readiness.tested();
    shutdownHook = given.shutdownHook()
        ? Optional.of(new Thread(this::close, "tapeseal-shutdown"))
        : Optional.empty();
    shutdownHook.ifPresent(Runtime.getRuntime()::addShutdownHook);
  }

  /**
   * Starts everything; takes a second or so, the ciphers' warm-up for the most part.
   *
   * @throws UnsafeSettingsException where others could read passwords on their way
   * @throws IOException where a file or a port cannot be used, or a setting does not fit
   * @throws GeneralSecurityException where the key store or its password cannot be used
   */
  public static Platform start(PlatformSettings settings)
      throws IOException, GeneralSecurityException {
    Closing opened = new Closing();
    boolean started = false;
    try {
      Platform platform = new Platform(settings, opened);
      started = true;
      return platform;
    } finally {
      if (!started) {
        opened.close();
      }
    }
  }

  private static WebServices.Node node(Settings settings) throws IOException {
    return new WebServices.Node(
        new Location(settings.value(SettingKeys.NODE_PATH)),
        List.of(settings.value(SettingKeys.CONTACT_CENTER_ID)));
  }

  /** Who the proxy is at the crypto server of this process: a password that never leaves it. */
  private static ProxyAccount newAccount(SecureRandom random) {
    char[] password = Passwords.random(random);
    try {
      return new ProxyAccount(OWN_PROXY, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static Optional<ProxyAccount> accountElsewhere(Settings settings, Closing opened)
      throws IOException {
    Optional<Path> file = settings.find(SettingKeys.PROXY_PASSWORD_FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (Secret password = Secret.firstLineOf(file.get())) {
      char[] characters = password.copyCharacters();
      ProxyAccount account = new ProxyAccount(settings.value(SettingKeys.PROXY_USER), characters);
      Arrays.fill(characters, '\0');
      return Optional.of(opened.add(account));
    }
  }

  private void measureKeys(Metrics metrics, Clock clock) {
    for (KeyState state : KeyState.values()) {
      String label = state.name().toLowerCase(Locale.ROOT);
      metrics.gauge(
          "tapeseal_keystore_certificates",
          "Recording certificates with their keys",
          () -> keys.entries().stream()
              .filter(entry -> entry.state(clock.instant()) == state)
              .count(),
          "state",
          label);
    }
    metrics.gauge(
        "tapeseal_keystore_next_expiry_timestamp_seconds",
        "When the next of the active recording certificates expires, in seconds since 1970",
        () -> keys.entries().stream()
            .filter(entry -> entry.state(clock.instant()) == KeyState.ACTIVE)
            .map(KeyEntry::certificate)
            .mapToDouble(certificate -> certificate.notAfter().getEpochSecond())
            .min()
            .orElse(Double.NaN));
  }

  private static void measureEnvelopes(Metrics metrics, RecorderService recorder) {
    metrics.gauge(
        "tapeseal_envelopes_ready",
        "Session keys that were wrapped before the recordings that they are for begin",
        () -> recorder.envelopes().ready());
    metrics.counter(
        "tapeseal_envelopes_taken",
        "Recordings that have begun, by whether their session key was ready",
        () -> recorder.envelopes().prepared(),
        "ready",
        "true");
    metrics.counter(
        "tapeseal_envelopes_taken",
        "Recordings that have begun, by whether their session key was ready",
        () -> recorder.envelopes().madeAtOnce(),
        "ready",
        "false");
  }

  // --- what it is ---

  /** Where clients reach the web services, and by default everything else: scheme, host and port. */
  public URI uri() {
    return clientUri(SettingKeys.WEBSERVICES_PORT);
  }

  /** Where the crypto server's resources begin: what {@code decrypt-uri-prefix} is set to. */
  public URI cryptoServerUri() {
    return URI.create(clientUri(SettingKeys.RCS_PORT) + "/rcs");
  }

  /** Where players ask the decryption proxy. */
  public URI proxyUri() {
    return clientUri(SettingKeys.PROXY_PORT);
  }

  /** The port that {@link #uri} is at on this machine. */
  public int port() {
    return server(SettingKeys.WEBSERVICES_PORT).port();
  }

  private URI clientUri(SettingKey<Integer> ownPort) {
    return settings
        .find(SettingKeys.PUBLIC_URI)
        .filter(shown -> settings.find(ownPort).isEmpty())
        .map(Platform::withoutSlash)
        .orElseGet(() -> Listeners.reachable(server(ownPort)));
  }

  private static URI withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }

  private HttpServer server(SettingKey<Integer> ownPort) {
    HttpServer own = servers.get(ownPort);
    if (own != null) {
      return own;
    }
    HttpServer shared = servers.get(SettingKeys.HTTP_PORT);
    if (shared == null) {
      throw new IllegalStateException("no server for " + ownPort + ", which has no port set");
    }
    return shared;
  }

  /** Its recordings: what is stored through it is found and played at once. Closed with the platform. */
  public RecordingStore recordings() {
    return store;
  }

  /** Its private keys. Closed with the platform. */
  public RecordingKeyStore keys() {
    return keys;
  }

  /** Its IVR profiles and screen recording certificates. */
  public Provisioning provisioning() {
    return provisioning;
  }

  /** The password of the user {@code ops}, where this start made that user and nobody gave a password. */
  public Optional<Secret> firstOpsPassword() {
    return firstOpsPassword;
  }

  /** Whether this start made a password for the key store, and wrote it beside it. */
  public boolean keyStorePasswordMade() {
    return keyStorePasswordMade;
  }

  /** Whether it would be sent requests now; see {@code /health/ready}. */
  public boolean isReady() {
    return health.isReady();
  }

  /** Where the proxy asks the crypto server of this process, and nobody else may. */
  URI internalUri() {
    return internal.uri();
  }

  /** Every route, whichever port it is at. */
  List<Route> routes() {
    return router.routes();
  }

  /**
   * Stops: takes nothing new, lets what runs end for as long as {@code http.drain-timeout} says, closes everything. May be
   * called more than once.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    shutdownHook
        .filter(hook -> !hook.equals(Thread.currentThread()))
        .ifPresent(Platform::removeHook);
    readiness.draining();
    try {
      Instant deadline = Instant.now().plus(settings.value(SettingKeys.DRAIN_TIMEOUT));
      for (HttpServer server : servers.values()) {
        Duration left = Duration.between(Instant.now(), deadline);
        server.drain(left.isNegative() ? Duration.ZERO : left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // what is left is cut
    } catch (IOException e) {
      throw new IllegalStateException("http.drain-timeout has a default", e);
    } finally {
      closing.close();
      firstOpsPassword.ifPresent(Secret::close);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM ends already, and the hook finds the platform closed
    }
  }

  @Override
  public String toString() {
    return "Platform[" + uri() + "]";
  }
}
