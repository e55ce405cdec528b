package dev.tapeseal.cli;

import dev.tapeseal.load.LoadLog;
import dev.tapeseal.load.LoadPage;
import dev.tapeseal.load.LoadResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that a load's result is written to. */
final class LoadReports {
  @Option(
      names = "--json-out",
      paramLabel = "FILE.json",
      description = "Write the result as JSON, which load compare reads.")
  private @Nullable Path jsonFile;

  @Option(
      names = "--hlog",
      paramLabel = "FILE.hlog",
      description = "Write each second's histogram of latencies as HdrHistogram's tools read it.")
  private @Nullable Path log;

  @Option(
      names = "--html",
      paramLabel = "FILE.html",
      description = "Write a page with charts that opens from a disk.")
  private @Nullable Path page;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  LoadReports() {}

  private OutputFile.Existing existing() {
    return force ? OutputFile.Existing.REPLACE : OutputFile.Existing.REFUSE;
  }

  /** Refuses files that exist, or are one, before a load is run for them. */
  void check() {
    List<Path> files = new ArrayList<>();
    for (Path file : new @Nullable Path[] {jsonFile, log, page}) {
      if (file != null) {
        OutputFile.refuseExisting(file, existing());
        files.add(file.toAbsolutePath().normalize());
      }
    }
    if (new HashSet<>(files).size() < files.size()) {
      throw new CommandException(
          ExitCode.USAGE, "two reports into one file (expected: a file for each)");
    }
  }

  void write(Terminal terminal, LoadResult result) throws IOException {
    if (jsonFile != null) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      Json.print(new PrintStream(text, true, StandardCharsets.UTF_8), result.toMap());
      write(terminal, jsonFile, text.toByteArray());
    }
    if (log != null) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      LoadLog.write(result, text);
      write(terminal, log, text.toByteArray());
    }
    if (page != null) {
      write(terminal, page, LoadPage.of(result).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void write(Terminal terminal, Path file, byte[] content) throws IOException {
    try (OutputFile output =
        OutputFile.create(terminal, file, existing(), OutputFile.Access.SHARED)) {
      WritableByteChannel channel = output.channel();
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      output.publish();
    }
  }
}
