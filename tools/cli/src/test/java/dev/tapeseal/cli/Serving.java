package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code tapeseal serve} on a free port, in a thread of this process. */
final class Serving implements AutoCloseable {
  static final String PASSWORD = "secret";

  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<Run> run = new CompletableFuture<>();
  private final Path portFile;
  private final Thread thread;

  private Serving(Path portFile, Map<String, String> environment, List<Object> arguments) {
    this.portFile = portFile;
    this.thread = new Thread(
        () -> run.complete(Run.with(environment, new byte[0], arguments.toArray())), "serve");
  }

  /** Starts it over a data folder, and waits until it listens. */
  static Serving start(Path data, Map<String, String> environment, Object... more)
      throws Exception {
    Path portFile = data.resolveSibling(data.getFileName() + ".port");
    List<Object> arguments =
        new ArrayList<>(List.of("serve", "--data", data, "--port", "0", "--port-file", portFile));
    arguments.addAll(Arrays.asList(more));
    Serving serving = new Serving(portFile, environment, arguments);
    serving.thread.start();
    while (Files.notExists(portFile)) {
      assertThat(serving.run.isDone())
          .as(() -> String.valueOf(serving.run.getNow(null)))
          .isFalse();
      Thread.sleep(20);
    }
    return serving;
  }

  /** Users {@code ops} and {@code player} in a folder, whose passwords cost little to check. */
  static void addUsers(Path data) throws IOException {
    Files.createDirectories(data);
    PasswordHash hash = PasswordHash.of(PASSWORD.toCharArray(), new SecureRandom(), 1000);
    UsersFile users = UsersFile.open(data.resolve("users"));
    users.put(new User("ops", hash, Set.of("ops")));
    users.put(new User("player", hash, Set.of("decrypt")));
  }

  URI uri() throws IOException {
    return URI.create("http://127.0.0.1:" + Files.readString(portFile).strip());
  }

  HttpResponse<byte[]> get(String user, String password, String path) throws Exception {
    return client.send(
        request(uri(), user, password, path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  static HttpRequest.Builder request(URI base, String user, String password, String path) {
    String basic = Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Basic " + basic);
  }

  /** Ends it, and answers what it said. */
  Run end() {
    thread.interrupt();
    return run.orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    end();
  }
}
