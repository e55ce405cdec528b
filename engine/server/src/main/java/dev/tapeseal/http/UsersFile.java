package dev.tapeseal.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The users of a server, a line each: {@code name:hash:privilege,privilege}. Only its owner may read the file; it is
 * replaced whole, so that a crash leaves the old one or the new one. What another process changes is seen at the next
 * look. Any thread; changes by several processes wait for each other.
 */
public final class UsersFile {
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
  private static final Duration LOCK_RETRY = Duration.ofMillis(5);

  private final Path file;
  private Map<String, User> users = Map.of(); // all below: guarded by this
  private Version version = Version.NONE;
  private long generation;
  private final Map<String, Long> changedAt = new HashMap<>();

  /** What tells one version of the file from the next. */
  private record Version(long modifiedNanos, long bytes, String key) {
    static final Version NONE = new Version(0, -1, "");

    static Version of(BasicFileAttributes attributes) {
      return new Version(
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          attributes.size(),
          String.valueOf(attributes.fileKey()));
    }
  }

  private UsersFile(Path file) {
    this.file = file;
  }

  /**
   * Opens a users file; one that does not exist holds nobody until the first is added.
   *
   * @throws IOException when it cannot be read, others may read it, or a line is not a user
   */
  public static UsersFile open(Path file) throws IOException {
    UsersFile users = new UsersFile(file);
    users.refresh();
    return users;
  }

  /** The user of a name. */
  public synchronized Optional<User> find(String name) throws IOException {
    refresh();
    return Optional.ofNullable(users.get(name));
  }

  /** Everybody, in the order of the file. */
  public synchronized List<User> all() throws IOException {
    refresh();
    return List.copyOf(users.values());
  }

  /** Grows with every change that was seen: what was concluded before holds no longer. */
  synchronized long generation() throws IOException {
    refresh();
    return generation;
  }

  /** The generation in which a user's password or privileges changed last, or the user came or went; 0 for none. */
  synchronized long changedAt(String name) throws IOException {
    refresh();
    return changedAt.getOrDefault(name, 0L);
  }

  /** Adds a user, or replaces the one of that name. */
  public void put(User user) throws IOException {
    change(all -> all.put(user.name(), user));
  }

  /** Removes a user, if there is one of that name. */
  public void remove(String name) throws IOException {
    change(all -> all.remove(name));
  }

  private interface Change {
    void apply(Map<String, User> users);
  }

  private synchronized void change(Change change) throws IOException {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel lock = FileChannel.open(
            lockFile,
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        FileLock held = lock(lock)) {
      if (!held.isValid()) {
        throw new IOException("users file: cannot lock " + lockFile);
      }
      refresh();
      Map<String, User> changed = new LinkedHashMap<>(users);
      change.apply(changed);
      write(changed);
      refresh();
    }
  }

  /** Waits for other processes, and for other instances in this one, which the system's lock does not wait for. */
  private FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + LOCK_WAIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        Thread.onSpinWait(); // held in this process: as good as held by another
      }
      LockSupport.parkNanos(LOCK_RETRY.toNanos());
    }
    throw new IOException("users file: another has changed " + file + " for "
        + LOCK_WAIT.toSeconds() + " seconds (expected: a moment; try again)");
  }

  private void refresh() throws IOException {
    Version now;
    try {
      now = Version.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      now = Version.NONE;
    }
    if (now.equals(version)) {
      return;
    }
    Map<String, User> before = users;
    users = now.equals(Version.NONE) ? Map.of() : read();
    version = now;
    generation++;
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(users.keySet());
    for (String name : names) {
      if (!isSame(before.get(name), users.get(name))) {
        changedAt.put(name, generation);
      }
    }
  }

  private static boolean isSame(@Nullable User before, @Nullable User now) {
    return before != null
        && now != null
        && before.password().text().equals(now.password().text())
        && before.privileges().equals(now.privileges());
  }

  private Map<String, User> read() throws IOException {
    Set<PosixFilePermission> others = new TreeSet<>(Files.getPosixFilePermissions(file));
    others.removeAll(EnumSet.of(
        PosixFilePermission.OWNER_READ,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_EXECUTE));
    if (!others.isEmpty()) {
      throw new IOException("users file: others may use " + file
          + " (expected: mode 600; run 'chmod 600 " + file + "')");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("users file: " + file + " is longer than " + MAX_BYTES
          + " bytes (expected: a line a user)");
    }
    Map<String, User> read = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      User user = parse(line, number);
      if (read.put(user.name(), user) != null) {
        throw new IOException(
            "users file: " + file + " has '" + user.name() + "' twice (expected: each once)");
      }
    }
    return read;
  }

  private User parse(String line, int number) throws IOException {
    String[] fields = line.split(":", -1);
    try {
      if (fields.length != 3) {
        throw new IllegalArgumentException("not three fields");
      }
      Set<String> privileges = new LinkedHashSet<>(Arrays.asList(fields[2].split(",")));
      privileges.remove("");
      return new User(fields[0], PasswordHash.parse(fields[1]), privileges);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "users file: line " + number + " of " + file
              + " is not a user (expected: name:hash:privilege,privilege)",
          e);
    }
  }

  private void write(Map<String, User> changed) throws IOException {
    StringBuilder text = new StringBuilder();
    for (User user : changed.values()) {
      text.append(user.name()).append(':').append(user.password().text()).append(':');
      text.append(String.join(",", new TreeSet<>(user.privileges()))).append('\n');
    }
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try (FileChannel out = FileChannel.open(
        part,
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      var bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }
}
