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
  private final long totalBytes;
  private final @Nullable ProgressBar bar;
  private long nextLineNanos = System.nanoTime() + LINE_EVERY_NANOS;

  private Progress(Terminal terminal, String task, long totalBytes, @Nullable ProgressBar bar) {
    this.terminal = terminal;
    this.task = task;
    this.totalBytes = totalBytes;
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
    return new Progress(
        terminal, task, totalBytes, barred ? bar(terminal, task, totalBytes) : null);
  }

  private static ProgressBar bar(Terminal terminal, String task, long totalBytes) {
    boolean plain = !terminal.environment("NO_COLOR").isEmpty();
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(totalBytes)
        .setUnit(" MiB", MIB)
        .setStyle(plain ? ProgressBarStyle.ASCII : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
        .setUpdateIntervalMillis(200)
        .build();
  }

  /** Tells how many bytes are done by now, altogether. */
  @Override
  public void accept(long doneBytes) {
    if (bar != null) {
      bar.stepTo(doneBytes);
      return;
    }
    long now = System.nanoTime();
    if (now - nextLineNanos >= 0) {
      nextLineNanos = now + LINE_EVERY_NANOS;
      terminal.note(task + ": " + amount(doneBytes));
    }
  }

  private String amount(long doneBytes) {
    String done = doneBytes / MIB + " MiB";
    if (totalBytes <= 0) {
      return done;
    }
    return String.format(
        Locale.ROOT, "%s of %d MiB, %d %%", done, totalBytes / MIB, 100 * doneBytes / totalBytes);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
