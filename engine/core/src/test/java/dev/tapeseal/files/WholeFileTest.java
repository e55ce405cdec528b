package dev.tapeseal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.files.WholeFile.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 2};

  @TempDir
  private Path folder;

  private Path path = Path.of("");

  @BeforeEach
  void name() {
    path = folder.resolve("file");
  }

  private ProcessLock lock() throws IOException {
    return ProcessLock.acquire(folder.resolve(".lock"));
  }

  @Test
  void newFile_isItsOwnersAlone_andOneThatIsReplacedKeepsItsReaders_whereThatIsWanted()
      throws IOException {
    assumeTrue(WholeFile.isPosix(folder), "no POSIX permissions here");
    WholeFile file = WholeFile.of(path);
    try (ProcessLock lock = lock()) {
      file.replace(lock, OLD);
      assertThat(path).hasBinaryContent(OLD);
      assertThat(modes()).isEqualTo("rw-------");
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));

      file.replace(lock, NEW);

      assertThat(path).hasBinaryContent(NEW);
      assertThat(modes()).isEqualTo("rw-rw-r--");
      file.replace(lock, OLD, Access.OWNER_ONLY, () -> {});
      assertThat(modes()).isEqualTo("rw-------");
    }
  }

  private String modes() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatFailsBeforeTheMove_leavesTheOldFile_andNothingBesideIt() throws IOException {
    WholeFile file = WholeFile.of(path);
    try (ProcessLock lock = lock()) {
      file.replace(lock, OLD);

      assertThatThrownBy(() -> file.replace(lock, NEW, Access.AS_BEFORE, () -> {
            throw new IOException("no");
          }))
          .hasMessage("no");

      assertThat(path).hasBinaryContent(OLD);
      assertThat(names()).containsExactlyInAnyOrder(".lock", "file");
    }
  }

  @Test
  void leftOversOfThisFileAlone_areSwept() throws IOException {
    Path ours = Files.write(part("file"), OLD);
    Path others = Files.write(part("file2"), OLD);
    Path longer = Files.write(part("file.x"), OLD);
    try (ProcessLock lock = lock()) {
      WholeFile.of(path).replace(lock, NEW);
    }

    assertThat(ours).doesNotExist();
    assertThat(others).exists();
    assertThat(longer).exists();
  }

  private Path part(String name) {
    return folder.resolve("." + name + "." + UUID.randomUUID() + ".part");
  }

  @Test
  void onlyWhoHoldsTheLock_mayReplace_andEachWayToTheLockIsTheSame() throws Exception {
    Path elsewhere = Files.createSymbolicLink(folder.resolve("link"), folder);
    ProcessLock closed = lock();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> WholeFile.of(path).replace(closed, NEW))
        .isInstanceOf(IllegalStateException.class);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> waiting;
      try (ProcessLock lock = lock()) {
        assertThatThrownBy(() -> ProcessLock.acquire(elsewhere.resolve(".lock")))
            .isInstanceOf(IllegalStateException.class);
        Callable<Void> replacing = () -> {
          WholeFile.of(path).replace(lock, NEW);
          return null;
        };
        assertThatThrownBy(() -> other.submit(replacing).get())
            .hasCauseInstanceOf(IllegalStateException.class);
        waiting = other.submit(() -> {
          ProcessLock.acquire(elsewhere.resolve(".lock")).close();
          return null;
        });
        Thread.sleep(50);
        assertThat(waiting.isDone()).isFalse();
      }
      waiting.get(30, TimeUnit.SECONDS);
    } finally {
      other.shutdown();
    }
  }

  @Test
  void stamp_tellsVersionsApart_andWhichAreTooYoungToTell() throws IOException {
    assertThatThrownBy(() -> FileStamp.of(path)).isInstanceOf(NoSuchFileException.class);
    try (ProcessLock lock = lock()) {
      WholeFile file = WholeFile.of(path);
      file.replace(lock, OLD);
      FileStamp first = FileStamp.of(path);
      file.replace(lock, OLD);
      Files.setLastModifiedTime(path, FileTime.from(first.modified()));

      assertThat(FileStamp.of(path)).isNotEqualTo(first); // another file, though it looks alike
      assertThat(first.isYoungAt(first.modified().plusMillis(99))).isTrue();
      assertThat(first.isYoungAt(first.modified().plusMillis(101))).isFalse();
      assertThat(first.isYoungAt(Instant.EPOCH)).isTrue();
    }
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
