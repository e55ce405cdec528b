package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.mux.CatalogMuxer.CatalogDecryption;
import dev.tapeseal.store.BasicAuthorization;
import dev.tapeseal.store.HttpRangeChannel;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The crypto server that plays encrypted recordings to a command, which then needs no private key. */
final class RcsOptions {
  private static final String PASSWORD_OPTION = "--rcs-password-file";
  private static final String VARIABLE = "TAPESEAL_RCS_PASSWORD";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  @Option(
      names = "--rcs",
      paramLabel = "URL",
      description =
          "Let this RCS decrypt, such as http://127.0.0.1:8080/rcs; no key is needed here.")
  private @Nullable URI address;

  @Option(
      names = "--rcs-user",
      paramLabel = "NAME",
      description = "With --rcs: the user, who has the privilege decrypt.")
  private @Nullable String user;

  @Option(
      names = PASSWORD_OPTION,
      paramLabel = "FILE",
      description =
          "Its first line is the user's password; " + VARIABLE + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  RcsOptions() {}

  /** Whether a crypto server is named; refuses what goes with one where none is. */
  boolean isGiven() {
    if (address == null && (user != null || passwordFile != null)) {
      throw usage("--rcs-user or " + PASSWORD_OPTION + " without --rcs URL");
    }
    return address != null;
  }

  /** How the crypto server decrypts. */
  CatalogDecryption decryption(Terminal terminal) throws IOException, PrivateKeyException {
    URI server = address;
    if (server == null || user == null) {
      throw usage("--rcs without --rcs-user NAME");
    }
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw usage("--rcs-user " + user + " (expected: a name without colon)");
    }
    String base = base(server);
    if (server.getScheme().equalsIgnoreCase("http")
        && !InetAddress.getByName(server.getHost()).isLoopbackAddress()) {
      terminal.note("tapeseal: warning: " + base
          + ": the password and decrypted recordings cross the network in clear (expected: https)");
    }
    Map<String, String> headers;
    try (KeyPassword password = Passwords.require(
        terminal, passwordFile, PASSWORD_OPTION, VARIABLE, "the RCS user " + user)) {
      char[] characters = password.copyChars();
      headers = Map.of(BasicAuthorization.HEADER, BasicAuthorization.of(user, characters));
      Arrays.fill(characters, '\0');
    }
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    return (recording, file) ->
        found -> HttpRangeChannel.open(client, playAddress(base, recording, file), headers);
  }

  private static URI playAddress(String base, Recording recording, MediaFile file) {
    return URI.create(base + "/rcs/contact-centers/" + recording.tenant().contactCenterId() + "/"
        + recording.kind().collection() + "/" + recording.id() + "/play/" + file.mediaId());
  }

  /** With or without {@code /rcs} at its end, as people write it. */
  private static String base(URI server) {
    String scheme = String.valueOf(server.getScheme());
    if (!(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
        || server.getHost() == null
        || server.getRawUserInfo() != null
        || server.getRawQuery() != null
        || server.getRawFragment() != null) {
      throw usage("--rcs is not the address of a crypto server");
    }
    return server.toString().replaceFirst("/*$", "").replaceFirst("/rcs$", "");
  }

  private static CommandException usage(String what) {
    return new CommandException(
        ExitCode.USAGE,
        what + " (expected: --rcs http://HOST:PORT --rcs-user NAME " + PASSWORD_OPTION + " FILE)");
  }
}
