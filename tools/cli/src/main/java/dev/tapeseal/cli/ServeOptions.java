package dev.tapeseal.cli;

import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKey;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@code serve}, each of which is a setting, laid over the environment and the file. */
final class ServeOptions {
  @Option(
      names = "--config",
      paramLabel = "rcs.properties",
      description = "The settings; otherwise rcs.properties in the data folder where it is there.")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder, made where it is missing; otherwise TAPESEAL_DATA_FOLDER.")
  private @Nullable String data;

  @Option(names = "--host", paramLabel = "HOST", description = "Address to listen at; 127.0.0.1.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "N", description = "Port; 8080, and 0 takes a free one.")
  private @Nullable String port;

  @Option(names = "--rcs-port", paramLabel = "N", description = "Port of RCS alone.")
  private @Nullable String rcsPort;

  @Option(names = "--irws-port", paramLabel = "N", description = "Port of IRWS alone.")
  private @Nullable String irwsPort;

  @Option(names = "--proxy-port", paramLabel = "N", description = "Port of the proxy alone.")
  private @Nullable String proxyPort;

  @Option(
      names = "--port-file",
      paramLabel = "FILE",
      description = "Written once it listens: the port, and a newline.")
  private @Nullable String portFile;

  @Option(
      names = "--public-uri",
      paramLabel = "URI",
      description = "Where clients reach this node, if not at host and port.")
  private @Nullable String publicUri;

  @Option(
      names = "--node-path",
      paramLabel = "/US/AK",
      description = "Where this node is; settings by location go by it.")
  private @Nullable String nodePath;

  @Option(
      names = "--tls-cert",
      paramLabel = "CHAIN.pem",
      description = "Speaks TLS, and shows this certificate and those above it.")
  private @Nullable String tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "KEY.pem",
      description = "The private key of --tls-cert: PKCS#8, not encrypted.")
  private @Nullable String tlsKey;

  @Option(
      names = "--plain-http",
      paramLabel = "loopback|anywhere",
      description = "To whom HTTP without TLS is spoken; loopback.")
  private @Nullable String plainHttp;

  @Option(
      names = "--keystore-password-file",
      paramLabel = "FILE",
      description =
          "Its first line is the key store's password; TAPESEAL_KEYSTORE_PASSWORD otherwise.")
  private @Nullable String keyStorePasswordFile;

  @Option(
      names = "--ops-password-file",
      paramLabel = "FILE",
      description =
          "Its first line is the password of the user ops at the first start; made otherwise.")
  private @Nullable String opsPasswordFile;

  @Option(names = "--log-format", paramLabel = "text|json", description = "How log lines look.")
  private @Nullable String logFormat;

  ServeOptions() {}

  private record Flag(
      String name, SettingKey<?> key, @Nullable String value) {}

  private List<Flag> flags() {
    return List.of(
        new Flag("--data", SettingKeys.DATA_FOLDER, data),
        new Flag("--host", SettingKeys.HTTP_HOST, host),
        new Flag("--port", SettingKeys.HTTP_PORT, port),
        new Flag("--rcs-port", SettingKeys.RCS_PORT, rcsPort),
        new Flag("--irws-port", SettingKeys.WEBSERVICES_PORT, irwsPort),
        new Flag("--proxy-port", SettingKeys.PROXY_PORT, proxyPort),
        new Flag("--port-file", SettingKeys.HTTP_PORT_FILE, portFile),
        new Flag("--public-uri", SettingKeys.PUBLIC_URI, publicUri),
        new Flag("--node-path", SettingKeys.NODE_PATH, nodePath),
        new Flag("--tls-cert", SettingKeys.TLS_CERTIFICATE_FILE, tlsCertificate),
        new Flag("--tls-key", SettingKeys.TLS_KEY_FILE, tlsKey),
        new Flag("--plain-http", SettingKeys.PLAIN_HTTP, plainHttp),
        new Flag(
            "--keystore-password-file", SettingKeys.KEY_STORE_PASSWORD_FILE, keyStorePasswordFile),
        new Flag("--ops-password-file", SettingKeys.OPS_PASSWORD_FILE, opsPasswordFile),
        new Flag("--log-format", SettingKeys.LOG_FORMAT, logFormat));
  }

  /** The data folder with all layers of settings; what looks like a misspelled setting is said. */
  DataFolder folder(Terminal terminal) throws IOException {
    Settings first = layers(terminal, Optional.ofNullable(config));
    Path path = first
        .find(SettingKeys.DATA_FOLDER)
        .orElseThrow(() -> new CommandException(
            ExitCode.USAGE, "no data folder (expected: --data DIR, or TAPESEAL_DATA_FOLDER)"));
    Settings settings =
        config == null ? layers(terminal, Optional.of(path.resolve("rcs.properties"))) : first;
    settings.warnings().forEach(warning -> terminal.note("tapeseal: warning: " + warning));
    return DataFolder.of(path, settings);
  }

  private Settings layers(Terminal terminal, Optional<Path> file) throws IOException {
    Settings.Builder builder = Settings.builder().environment(terminal.environment());
    for (Flag flag : flags()) {
      if (flag.value() != null) {
        try {
          builder.flag(flag.name(), flag.key(), flag.value());
        } catch (SettingsException e) {
          throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
      }
    }
    if (file.isPresent() && config != null) {
      Inputs.requireFile(file.get());
      builder.file(file.get());
    } else if (file.isPresent()) {
      builder.fileIfPresent(file.get());
    }
    return builder.build();
  }

  /** Whether a flag says where the key store's password is, which then wins over the environment. */
  boolean namesKeyStorePassword() {
    return keyStorePasswordFile != null;
  }
}
