package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.platform.Platform;
import dev.tapeseal.platform.PlatformSettings;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKeys;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs the services until the process is asked to end, and then lets end what runs. Whoever runs it in a thread ends it
 * by interrupting that.
 */
@Command(
    name = "serve",
    description = {
      "Runs RCS, IRWS and the decryption proxy over a data folder.",
      "The last line that it says is READY, with the address; SIGTERM ends it, and what plays is played to its end."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final ServeOptions options = new ServeOptions();

  @Option(names = "--json", description = "Say where the services are as JSON.")
  private boolean json;

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    DataFolder folder = options.folder(terminal);
    ServeLog log = ServeLog.of(terminal, folder.settings().value(SettingKeys.LOG_FORMAT));
    Optional<Path> portFile = folder.settings().find(SettingKeys.HTTP_PORT_FILE);
    if (portFile.isPresent()) {
      Files.deleteIfExists(portFile.get()); // of a run before, whose port it is not any more
    }
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook = new Thread(() -> endGracefully(asked, closed), "tapeseal-signal");
    try (Platform platform = start(folder)) {
      Runtime.getRuntime().addShutdownHook(hook);
      introduce(platform, folder, log);
      if (portFile.isPresent()) {
        writePort(portFile.get(), platform.port());
      }
      report(platform);
      log.say("READY tapeseal " + Tapeseal.Version.number() + " " + platform.uri() + " in "
          + (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime())
          + " ms");
      asked.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    } finally {
      if (portFile.isPresent()) {
        Files.deleteIfExists(portFile.get());
      }
      terminal.flush();
      closed.countDown();
    }
    return ExitCode.OK.number();
  }

  /** On a signal the JVM would answer 143: a process that was asked to end and did has succeeded. */
  private static void endGracefully(CountDownLatch asked, CountDownLatch closed) {
    asked.countDown();
    try {
      closed.await();
      Runtime.getRuntime().halt(ExitCode.OK.number());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Platform start(DataFolder folder) throws Exception {
    PlatformSettings settings = PlatformSettings.of(folder);
    String variable = terminal.environment("TAPESEAL_KEYSTORE_PASSWORD");
    if (options.namesKeyStorePassword() || variable.isEmpty()) {
      return Platform.start(settings);
    }
    try (KeyPassword password = KeyPassword.of(variable.toCharArray())) {
      return Platform.start(settings.withKeyStorePassword(password));
    }
  }

  private void introduce(Platform platform, DataFolder folder, ServeLog log) {
    platform.firstOpsPassword().ifPresent(this::tell);
    if (platform.keyStorePasswordMade()) {
      log.say("tapeseal: the password of the key store was made and lies in "
          + folder.keyStorePassword() + ": keep it elsewhere, too; lost with the keys, so are the"
          + " recordings");
    }
    if (platform.keys().entries().isEmpty()) {
      log.say("tapeseal: no keys yet: 'tapeseal keystore import --keystore " + folder.keyStore()
          + " --keystore-password-file FILE --alias NAME --key KEY.pem --cert CERT.pem'");
    }
    if (platform.firstOpsPassword().isPresent()) {
      log.say("tapeseal: who plays needs an account: 'tapeseal user add NAME --privilege decrypt"
          + " --data " + folder + "'");
    }
  }

  /** Said at the terminal and nowhere else: a log is kept and read by others. */
  private void tell(Secret password) {
    char[] characters = password.copyCharacters();
    terminal.note("tapeseal: the user ops was made; the password is said this once: "
        + String.valueOf(characters));
    Arrays.fill(characters, '\0');
  }

  private void report(Platform platform) {
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("uri", platform.uri().toString());
      report.put("port", platform.port());
      report.put("cryptoServerUri", platform.cryptoServerUri().toString());
      report.put("proxyUri", platform.proxyUri().toString());
      Json.print(terminal.out(), report);
    }
  }

  private static void writePort(Path file, int port) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(part, port + "\n");
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
