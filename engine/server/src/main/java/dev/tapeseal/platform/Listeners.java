package dev.tapeseal.platform;

import dev.tapeseal.http.HttpLimits;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.Metrics;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.TlsFiles;
import dev.tapeseal.settings.PlainHttp;
import dev.tapeseal.settings.SettingKey;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the servers' ports as the settings say: which services share one, where they listen, and by TLS or not. */
final class Listeners {
  private final Settings settings;
  private final Router common;
  private final Metrics metrics;
  private final Clock clock;
  private final Map<SettingKey<Integer>, Router> services = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param common what every port answers
   */
  Listeners(Settings settings, Router common, Metrics metrics, Clock clock) {
    this.settings = settings;
    this.common = common;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A service, and the setting of the port that it has to itself where that is set. */
  void add(SettingKey<Integer> ownPort, Router router) {
    SettingKey<Integer> port = settings.find(ownPort).isPresent() ? ownPort : SettingKeys.HTTP_PORT;
    services.merge(port, router, Router::and);
  }

  /** Refuses addresses at which passwords could be read on their way. */
  void requireSafe() throws IOException {
    String host = settings.value(SettingKeys.HTTP_HOST);
    boolean plain = tls().isEmpty();
    if (plain
        && settings.value(SettingKeys.PLAIN_HTTP) == PlainHttp.LOOPBACK
        && !isLoopback(host)) {
      throw new UnsafeSettingsException("address " + host
          + " is open to others, who could read passwords and recordings on their way (expected:"
          + " http.tls-certificate-file and http.tls-key-file, or http.plain = anywhere where"
          + " something in front speaks TLS)");
    }
  }

  private static boolean isLoopback(String host) throws IOException {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IOException(
          "address " + host + ": unknown (expected: an address or a name of this machine)", e);
    }
  }

  private Optional<TlsFiles> tls() throws SettingsException {
    Optional<Path> certificate = settings.find(SettingKeys.TLS_CERTIFICATE_FILE);
    Optional<Path> key = settings.find(SettingKeys.TLS_KEY_FILE);
    if (certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new TlsFiles(
        settings.value(SettingKeys.TLS_CERTIFICATE_FILE),
        settings.value(SettingKeys.TLS_KEY_FILE)));
  }

  /** Starts a server for each port, by the setting that the port is of. */
  Map<SettingKey<Integer>, HttpServer> start(Closing closing) throws IOException {
    Map<SettingKey<Integer>, HttpServer> servers = new LinkedHashMap<>();
    for (Map.Entry<SettingKey<Integer>, Router> service : services.entrySet()) {
      HttpServer.Builder builder = HttpServer.builder(service.getValue().and(common))
          .host(settings.value(SettingKeys.HTTP_HOST))
          .port(settings.value(service.getKey()))
          .limits(limits())
          .metrics(metrics)
          .clock(clock);
      tls().ifPresent(builder::tls);
      servers.put(service.getKey(), closing.add(builder.start()));
    }
    return servers;
  }

  private HttpLimits limits() throws SettingsException {
    HttpLimits standard = HttpLimits.standard();
    HttpLimits.Heads heads = standard.heads();
    HttpLimits.Connections connections = standard.connections();
    return standard
        .with(new HttpLimits.Heads(
            heads.requestLineBytes(),
            settings.value(SettingKeys.MAX_HEADER_BYTES),
            heads.headerFields(),
            settings.value(SettingKeys.HEADER_TIMEOUT)))
        .with(new HttpLimits.Connections(
            connections.all(),
            settings.value(SettingKeys.MAX_CONNECTIONS_PER_ADDRESS),
            settings.value(SettingKeys.IDLE_TIMEOUT),
            connections.writeStall()));
  }

  /** Where a server is to be found by clients that know no better: one that listens everywhere is on this machine. */
  static URI reachable(HttpServer server) {
    URI uri = server.uri();
    String host = uri.getHost();
    boolean everywhere = host.equals("0.0.0.0") || host.startsWith("[0:0:0:0:0:0:0:0");
    return everywhere ? URI.create(uri.getScheme() + "://localhost:" + uri.getPort()) : uri;
  }
}
