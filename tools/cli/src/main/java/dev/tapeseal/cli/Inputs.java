package dev.tapeseal.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What commands read before they begin: each input is asked for once, and its failure names it. */
final class Inputs {
  private static final Path STANDARD = Path.of("-");

  private Inputs() {}

  /** Whether {@code -} was given: standard input or output. */
  static boolean isStandard(Path path) {
    return path.equals(STANDARD);
  }

  /** What messages call an input. */
  static String name(Path path) {
    return isStandard(path) ? "standard input" : path.toString();
  }

  /** What messages call an output. */
  static String outputName(Path path) {
    return isStandard(path) ? "standard output" : path.toString();
  }

  /** Refuses an input that is not there, or that is a directory. */
  static void requireFile(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (Files.isDirectory(path)) {
      throw new CommandException(ExitCode.FAILED, path + ": is a directory (expected: a file)");
    }
  }

  /** Refuses those inputs that are named and not there; standard input always is. */
  static void requireFiles(Iterable<? extends @Nullable Path> paths) throws IOException {
    for (Path path : paths) {
      if (path != null && !isStandard(path)) {
        requireFile(path);
      }
    }
  }

  /** Opens an input: a file, or standard input. */
  static ReadableByteChannel open(Terminal terminal, Path path) throws IOException {
    return isStandard(path) ? terminal.dataIn() : FileChannel.open(path, StandardOpenOption.READ);
  }

  /** Refuses an output that is one of the inputs; see {@link #requireDistinct(Path, Path...)}. */
  static void requireDistinct(Iterable<? extends @Nullable Path> inputs, @Nullable Path... outputs)
      throws IOException {
    for (Path input : inputs) {
      if (input != null) {
        requireDistinct(input, outputs);
      }
    }
  }

  /** Refuses an output that is the input: the input would be destroyed. */
  static void requireDistinct(Path input, @Nullable Path... outputs) throws IOException {
    for (@Nullable Path output : outputs) {
      if (output != null
          && !isStandard(input)
          && Files.exists(input)
          && Files.isRegularFile(output)
          && Files.isSameFile(input, output)) {
        throw new CommandException(
            ExitCode.USAGE,
            output + ": is the input, too (expected: another file, so that the input is not lost)");
      }
    }
  }
}
