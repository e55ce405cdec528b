package dev.tapeseal.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pairs of a catalog are muxed, and how. */
final class MuxStoreOptions {
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

  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      description = {
        "With --watch: tell Prometheus what was muxed and refused, at http://127.0.0.1:N/metrics;",
        "0 takes a free port."
      })
  @Nullable
  Integer metricsPort;

  MuxStoreOptions() {}
}
