package dev.tapeseal.cli;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pairs of which catalog are muxed, and how. */
final class MuxStoreOptions {
  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Mux the pairs of this store; each becomes one more media file of its call.")
  @Nullable
  Path store;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Only screens that started at this time or later.")
  @Nullable
  Instant from;

  @Option(
      names = "--before",
      paramLabel = "INSTANT",
      description = "Only screens that started before this time.")
  @Nullable
  Instant before;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many pairs at a time; 2 by default.")
  int workers = 2;

  @Option(
      names = "--watch",
      description = "Go on: look for new pairs every --interval seconds, until interrupted.")
  boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "How long --watch waits; 10 by default.")
  int intervalSeconds = 10;

  MuxStoreOptions() {}
}
