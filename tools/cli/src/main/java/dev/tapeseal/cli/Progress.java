package dev.tapeseal.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far long work has come, on standard error: a bar where a person watches, otherwise a plain line every ten
 * seconds; nothing where the work ends sooner than that. Confined to the thread that does the work.
 */
final class Progress implements AutoCloseable, LongConsumer {
  private static final long MIB = 1L << 20;
  private static final long SMALLEST_SHOWN_BYTES = 64 * MIB;
  private static final long LINE_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final Terminal terminal;
  private final String task;
  private final long total;
  private final Unit unit;
  private final @Nullable ProgressBar bar;
  private long nextLineNanos = System.nanoTime() + LINE_EVERY_NANOS;

  /** What is counted: its name, and how many of them make one that is shown. */
  private record Unit(String name, long size) {}

  private static final Unit BYTES = new Unit("MiB", MIB);

  private Progress(
      Terminal terminal, String task, long total, Unit unit, @Nullable ProgressBar bar) {
    this.terminal = terminal;
    this.task = task;
    this.total = total;
    this.unit = unit;
    this.bar = bar;
  }

  /**
   * Begins to show work on bytes.
   *
   * @param task what is done to which file, for example {@code "encrypting call.wav"}
   * @param totalBytes how many there are, or -1 where nobody knows
   */
  static Progress ofBytes(Terminal terminal, String task, long totalBytes) {
    boolean barred = terminal.watched() && (totalBytes < 0 || totalBytes >= SMALLEST_SHOWN_BYTES);
    return of(terminal, task, totalBytes, BYTES, barred);
  }

  /**
   * Begins to show work on things that are counted.
   *
   * @param things what they are, for example {@code "recordings"}
   * @param total how many there are
   */
  static Progress ofCount(Terminal terminal, String task, String things, long total) {
    return of(terminal, task, total, new Unit(things, 1), terminal.watched());
  }

  private static Progress of(
      Terminal terminal, String task, long total, Unit unit, boolean barred) {
    return new Progress(
        terminal, task, total, unit, barred ? bar(terminal, task, total, unit) : null);
  }

  private static ProgressBar bar(Terminal terminal, String task, long total, Unit unit) {
    boolean plain = !terminal.environment("NO_COLOR").isEmpty();
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setUnit(" " + unit.name(), unit.size())
        .setStyle(plain ? ProgressBarStyle.ASCII : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
        .setUpdateIntervalMillis(200)
        .build();
  }

  /** Tells how much is done by now, altogether. */
  @Override
  public void accept(long done) {
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    long now = System.nanoTime();
    if (now - nextLineNanos >= 0) {
      nextLineNanos = now + LINE_EVERY_NANOS;
      terminal.note(task + ": " + amount(done));
    }
  }

  private String amount(long done) {
    long shown = done / unit.size();
    if (total <= 0) {
      return shown + " " + unit.name();
    }
    return String.format(
        Locale.ROOT,
        "%d of %d %s, %d %%",
        shown,
        total / unit.size(),
        unit.name(),
        100 * done / total);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
