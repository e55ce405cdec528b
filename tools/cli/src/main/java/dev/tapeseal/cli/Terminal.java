package dev.tapeseal.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command talks to: its three streams, its environment, and whether a person watches.
 *
 * @param in standard input
 * @param out standard output: data, and nothing else
 * @param err standard error: progress, notes and errors
 * @param environment the process' environment variables
 * @param watched whether standard error is a terminal, so that progress may redraw its line
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean watched) {

  /** This process' own streams; standard output is not flushed a line at a time, since media may pass through it. */
  public static Terminal ofProcess() {
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        text(new FileOutputStream(FileDescriptor.out)),
        text(new FileOutputStream(FileDescriptor.err)),
        System.getenv(),
        Boolean.getBoolean("tapeseal.terminal"));
  }

  private static PrintStream text(OutputStream stream) {
    return new PrintStream(stream, false, StandardCharsets.UTF_8);
  }

  /** Says something to the person, beside the data: a line on standard error. */
  void note(String line) {
    err.println(line);
    err.flush();
  }
}
