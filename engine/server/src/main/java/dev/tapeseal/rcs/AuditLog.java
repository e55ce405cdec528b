package dev.tapeseal.rcs;

import dev.tapeseal.http.Json;
import dev.tapeseal.http.LoginListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who decrypted what: one JSON object a line, only ever added to, in a file for its owner alone. What a client is not
 * told, such as why a recording could not be opened, stands here. It holds no secret. Any thread; an entry is one write.
 */
public final class AuditLog implements Closeable {
  private static final int MAX_NAME_CHARACTERS = 64; // those there are have no more

  private final FileChannel file;
  private final Clock clock;

  private AuditLog(FileChannel file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens the log, and makes it where it is missing.
   *
   * @throws IOException where the file cannot be written
   */
  public static AuditLog open(Path path, Clock clock) throws IOException {
    FileAttribute<?>[] ownerOnly =
        path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return new AuditLog(
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            ownerOnly),
        clock);
  }

  /**
   * Adds an entry: the time, the event and what is known of it, in the order given.
   *
   * @throws IOException where it cannot be written; what was to be audited must not go on
   */
  void add(String event, Map<String, String> facts) throws IOException {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put("time", clock.instant().toString());
    entry.put("event", event);
    entry.putAll(facts);
    byte[] json = Json.write(entry);
    ByteBuffer line =
        ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    synchronized (this) {
      while (line.hasRemaining()) {
        file.write(line);
      }
    }
  }

  /** Notes logins, so that who tried which name from where can be told; a login that cannot be noted fails. */
  public LoginListener logins() {
    return (outcome, name, from) -> {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("user", name.substring(0, Math.min(name.length(), MAX_NAME_CHARACTERS)));
      facts.put("address", from.getHostAddress());
      facts.put("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      try {
        add("login", facts);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
