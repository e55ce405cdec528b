package dev.tapeseal.certificate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The public test suites that may stand beside the project; without them a test is skipped and says so. */
public final class Vectors {
  private Vectors() {}

  /** A folder or file of the suites, which exists. */
  public static Path path(String name) {
    Path path = Path.of(System.getProperty("tapeseal.root", ""))
        .resolveSibling("shared/vectors")
        .resolve(name);
    assumeTrue(Files.exists(path), () -> "skipped: no test vectors at ../shared/vectors/" + name);
    return path;
  }

  /** The regular files of a folder, sorted. */
  public static List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
