package dev.tapeseal.cli;

import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which recordings of a store. */
final class QueryOptions {
  @Option(
      names = "--caller",
      paramLabel = "NUMBER",
      description = "The caller's number; * stands for any digits.")
  private @Nullable String caller;

  @Option(
      names = "--dialed",
      paramLabel = "NUMBER",
      description = "The dialed number; * stands for any digits.")
  private @Nullable String dialed;

  @Option(names = "--agent", paramLabel = "ID", description = "The agent's id.")
  private @Nullable String agent;

  @Option(names = "--call-uuid", paramLabel = "UUID", description = "The call.")
  private @Nullable String callUuid;

  @Option(
      names = "--kind",
      paramLabel = "call|screen",
      description = "Only calls, or only screens.")
  private @Nullable RecordingKind kind;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Started at this time or later, for example 2026-05-31T08:00:00Z.")
  private @Nullable Instant from;

  @Option(names = "--before", paramLabel = "INSTANT", description = "Started before this time.")
  private @Nullable Instant before;

  QueryOptions() {}

  /** Whether any of them was given. */
  boolean areGiven() {
    return caller != null
        || dialed != null
        || agent != null
        || callUuid != null
        || kind != null
        || from != null
        || before != null;
  }

  /** The query; every recording where none was given. */
  RecordingQuery query() {
    try {
      return RecordingQuery.ALL
          .withKind(kind)
          .withCaller(caller)
          .withDialed(dialed)
          .withStartedFrom(from)
          .withStartedBefore(before)
          .withAgentId(agent)
          .withCallUuid(callUuid);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
