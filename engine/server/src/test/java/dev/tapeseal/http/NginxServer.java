package dev.tapeseal.http;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Debian's nginx as one process of this user, which serves a folder on a free port of the loopback address. */
public final class NginxServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private NginxServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it, and waits until it listens; where it is not installed the test is skipped.
   *
   * @param folder what it serves, and keeps its own files in
   * @param types the media type of each ending of a file's name
   */
  public static NginxServer start(Path folder, Map<String, String> types) throws Exception {
    Optional<Path> program =
        List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(program).as("nginx is not installed").isPresent();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String temp = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
        .map(name -> name + "_temp_path " + folder + "/" + name + ";\n")
        .collect(Collectors.joining());
    String endings = types.entrySet().stream()
        .map(type -> type.getValue() + " " + type.getKey() + "; ")
        .collect(Collectors.joining());
    Path configuration = Files.writeString(
        folder.resolve("nginx.conf"),
        "daemon off; master_process off; pid " + folder + "/pid; error_log " + folder
            + "/error.log;\nevents {}\nhttp {\n" + temp
            + "access_log off; keepalive_requests 1000000; if_modified_since before;\n"
            + "types { " + endings + "}\nserver { listen 127.0.0.1:" + port + "; root " + folder
            + "; }\n}\n");
    Process process = new ProcessBuilder(
            program.orElseThrow().toString(),
            "-p",
            folder.toString(),
            "-c",
            configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("nginx.out").toFile())
        .start();
    NginxServer server = new NginxServer(process, port);
    for (int attempt = 0; attempt < 200 && process.isAlive(); attempt++) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (probe.isConnected()) {
          return server;
        }
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    server.close();
    throw new IllegalStateException(
        "nginx does not listen: " + Files.readString(folder.resolve("nginx.out")));
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
