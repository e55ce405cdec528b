package dev.tapeseal.cli;

import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints recordings for people, a line a media file. */
final class RecordingTable {
  private RecordingTable() {}

  static void printHead(PrintStream out) {
    printRow(out, "KIND", "ID", "STARTED", "SECONDS", "BYTES", "ENCRYPTION", "CALLER", "DIALED");
  }

  static void print(PrintStream out, Recording recording) {
    for (MediaFile file : recording.mediaFiles()) {
      printRow(
          out,
          recording.kind().name().toLowerCase(Locale.ROOT),
          recording.id(),
          recording.started() == null ? "" : recording.started().toString(),
          seconds(file.duration()),
          file.sizeBytes(),
          encryption(file.encryption()),
          recording.callerNumber(),
          recording.dialedNumber());
    }
    out.flush();
  }

  private static void printRow(PrintStream out, @Nullable Object... columns) {
    out.println(
        String.format(Locale.ROOT, "%-6s  %-32s  %-24s  %10s  %12s  %-20s  %-16s  %s", columns)
            .stripTrailing());
  }

  static String seconds(@Nullable Duration duration) {
    return duration == null ? "" : String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }

  private static String encryption(@Nullable MediaEncryption encryption) {
    if (encryption == null) {
      return "clear";
    }
    int recipients = encryption.recipients().size();
    return encryption.format() + ", " + recipients
        + (recipients == 1 ? " recipient" : " recipients");
  }
}
