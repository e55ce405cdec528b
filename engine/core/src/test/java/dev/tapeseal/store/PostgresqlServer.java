package dev.tapeseal.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Debian's PostgreSQL on a free port of the loopback address, with a password, in a folder of its own that goes with
 * it. It does not run as root: there it takes the user that its package has made.
 */
final class PostgresqlServer {
  static final String USER = "tapeseal";
  static final String PASSWORD = "a password: with ' and %";

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresqlServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Starts one; where PostgreSQL is not installed the test is skipped. */
  static PostgresqlServer start() throws Exception {
    Optional<Path> programs = programs();
    assumeTrue(programs.isPresent(), "no /usr/lib/postgresql/*/bin: Debian package postgresql");
    Path folder =
        Path.of(run(List.of("mktemp", "-d", "/tmp/tapeseal-postgresql.XXXXXX")).strip());
    PostgresqlServer server = new PostgresqlServer(programs.get(), folder, freePort());
    boolean started = false;
    try {
      Path password = Files.createTempFile("tapeseal", ".password");
      try {
        Files.writeString(password, PASSWORD + "\n");
        // by the standard input: only root reads the file, and the server's user its own copy
        String initdb = "cat > " + folder + "/password && " + programs.get().resolve("initdb")
            + " -D " + folder + "/data -U " + USER + " -A scram-sha-256 --pwfile=" + folder
            + "/password --no-sync -E UTF8 --locale=C.UTF-8";
        run(List.of("sh", "-c", initdb), password);
      } finally {
        Files.delete(password);
      }
      server.startAgain();
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private static Optional<Path> programs() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(versions)) {
      return all.map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  void startAgain() throws Exception {
    run(List.of(
        programs.resolve("pg_ctl").toString(),
        "start",
        "-w",
        "-D",
        folder + "/data",
        "-l",
        folder + "/log",
        "-o",
        "-F -h 127.0.0.1 -p " + port + " -k " + folder));
  }

  /** As a crash, or a fast shutdown. */
  void stop(String mode) throws Exception {
    run(List.of(
        programs.resolve("pg_ctl").toString(), "stop", "-w", "-m", mode, "-D", folder + "/data"));
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  CatalogAddress address() {
    return address("");
  }

  CatalogAddress address(String options) {
    return CatalogAddress.of(url() + options, Optional.of(USER), PASSWORD.toCharArray());
  }

  private static String run(List<String> command) throws Exception {
    return run(command, null);
  }

  private static String run(List<String> command, @Nullable Path input) throws Exception {
    List<String> full = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      full.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    full.addAll(command);
    // its server keeps what it inherits open, so that it is a file and no pipe
    Path said = Files.createTempFile("tapeseal", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(full)
          .directory(FileSystems.getDefault().getPath("/").toFile())
          .redirectErrorStream(true)
          .redirectOutput(said.toFile());
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + ": still runs after a minute");
      }
      String text = Files.readString(said);
      if (process.exitValue() != 0) {
        throw new IOException(command + ": " + process.exitValue() + ": " + text);
      }
      return text;
    } finally {
      Files.delete(said);
    }
  }

  void close() throws Exception {
    if (Files.exists(folder.resolve("data/postmaster.pid"))) {
      stop("immediate");
    }
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
          throws IOException {
        if (failure != null) {
          throw new UncheckedIOException(failure);
        }
        Files.delete(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
