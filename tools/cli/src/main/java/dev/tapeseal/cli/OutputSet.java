package dev.tapeseal.cli;

import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Small outputs that belong together, a key and its request for example: all appear, or none does.
 *
 * <p>Replacing never loses a private key, since recordings may need it: the file that was there stays beside the new one
 * as {@code NAME.old-TIME}.
 */
final class OutputSet implements Closeable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Terminal terminal;
  private final Existing existing;
  private final List<Output> outputs = new ArrayList<>();

  private record Output(Path name, Access access, OutputFile file) {}

  /** An output that is in its place, and what was there before. */
  private record Published(
      Output output, Path place, @Nullable Path before) {}

  OutputSet(Terminal terminal, Existing existing) {
    this.terminal = terminal;
    this.existing = existing;
  }

  /** Refuses outputs that exist or are the same file, before any work is done for them. */
  static void check(Existing existing, List<Path> paths) {
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      Path absolute = path.toAbsolutePath().normalize();
      if (paths.subList(0, i).stream()
          .anyMatch(other -> other.toAbsolutePath().normalize().equals(absolute))) {
        throw new CommandException(
            ExitCode.USAGE, path + ": named for two outputs (expected: two files)");
      }
      if (!Inputs.isStandard(path)) {
        OutputFile.refuseExisting(path, existing);
      }
    }
  }

  /** Writes an output, which does not appear yet. */
  void write(Path path, Access access, byte[] content) throws IOException {
    OutputFile file = OutputFile.create(terminal, path, existing, access);
    outputs.add(new Output(path, access, file));
    ByteBuffer remaining = ByteBuffer.wrap(content);
    while (remaining.hasRemaining()) {
      file.channel().write(remaining);
    }
  }

  /** Puts every output in its place; where one cannot be, those before it are taken back. */
  void publish() throws IOException {
    List<Published> published = new ArrayList<>();
    boolean complete = false;
    try {
      for (Output output : outputs) {
        publish(output, published);
      }
      complete = true;
    } finally {
      if (!complete) {
        withdraw(published);
      }
    }
    for (Published each : published) {
      Path before = each.before();
      if (before != null && each.output().access() == Access.OWNER) {
        terminal.note("tapeseal: " + each.output().name()
            + ": the private key that was there is kept as " + before);
      } else if (before != null) {
        Files.deleteIfExists(before);
      }
    }
  }

  private void publish(Output output, List<Published> published) throws IOException {
    Path place = output.file().place();
    Path before = place == null || !Files.exists(place) ? null : keep(place, output.access());
    boolean complete = false;
    try {
      output.file().publish();
      complete = true;
    } finally {
      if (!complete && before != null) {
        Files.deleteIfExists(before);
      }
    }
    if (place != null) {
      published.add(new Published(output, place, before));
    }
  }

  /** Gives what is there a second name. */
  private Path keep(Path place, Access access) throws IOException {
    if (existing == Existing.REFUSE) {
      throw new CommandException(ExitCode.FAILED, place + ": exists already (--force replaces it)");
    }
    String name = String.valueOf(place.getFileName());
    Path before = place.resolveSibling(
        access == Access.OWNER
            ? name + ".old-" + TIME.format(Instant.now())
            : "." + name + "." + UUID.randomUUID() + ".part");
    try {
      Files.createLink(before, place);
    } catch (UnsupportedOperationException e) { // a file system without hard links
      Files.copy(place, before, StandardCopyOption.COPY_ATTRIBUTES);
    }
    return before;
  }

  private static void withdraw(List<Published> published) throws IOException {
    for (Published each : published) {
      if (each.before() == null) {
        Files.deleteIfExists(each.place());
      } else {
        Files.move(each.before(), each.place(), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Ends the work; what was not published is deleted. */
  @Override
  public void close() throws IOException {
    for (Output output : outputs) {
      output.file().close();
    }
  }
}
