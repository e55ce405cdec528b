package dev.tapeseal.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.tapeseal.settings.LogFormat;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server says of itself: lines for people, or a JSON object a line, warnings and errors among them. */
final class ServeLog {
  private static final String NAME = "tapeseal";

  private final Consumer<String> lines;

  private ServeLog(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Says it to a terminal; as JSON everything that this process logs from now on is. */
  static ServeLog of(Terminal terminal, LogFormat format) {
    if (format == LogFormat.TEXT) {
      return new ServeLog(terminal::note);
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithNanoseconds(false);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(terminal.err());
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    context.getLogger(NAME).setLevel(Level.INFO);
    Logger log = LoggerFactory.getLogger(NAME);
    return new ServeLog(log::info);
  }

  void say(String line) {
    lines.accept(line);
  }
}
