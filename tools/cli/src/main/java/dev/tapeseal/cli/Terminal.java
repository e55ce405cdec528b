package dev.tapeseal.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command talks to: its three streams, its environment, and whether a person watches. */
public final class Terminal {
  private final InputStream in;
  private final NamedOutput out;
  private final PrintStream text;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final boolean watched;
  private final @Nullable Dialogue dialogue;

  /** A person who answers questions; null means that nobody does, or no more. */
  interface Dialogue {
    @Nullable
    String line(String prompt);

    char @Nullable [] secret(String prompt);
  }

  /**
   * Takes the streams of a process, or a test's.
   *
   * @param in standard input
   * @param out standard output: data, and nothing else
   * @param err standard error: progress, notes and errors
   * @param environment the environment variables
   * @param watched whether standard error is a terminal, so that progress may redraw its line
   */
  public Terminal(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean watched) {
    this(in, out, err, environment, watched, null);
  }

  /** The same with somebody to ask, or nobody. */
  Terminal(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean watched,
      @Nullable Dialogue dialogue) {
    this.in = in;
    this.out = new NamedOutput("standard output", out);
    this.text = new PrintStream(new BufferedOutputStream(this.out), false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, false, StandardCharsets.UTF_8);
    this.environment = Map.copyOf(environment);
    this.watched = watched;
    this.dialogue = dialogue;
  }

  /** Only where the launcher saw terminals at both ends: from JDK 22 on, a console may be there without any. */
  @SuppressWarnings("SystemConsoleNull") // it is null, too, on older ones
  private static @Nullable Dialogue ofConsole() {
    Console console = System.console();
    if (console == null) {
      return null;
    }
    return new Dialogue() {
      @Override
      public @Nullable String line(String prompt) {
        return console.readLine("%s", prompt);
      }

      @Override
      public char @Nullable [] secret(String prompt) {
        return console.readPassword("%s", prompt);
      }
    };
  }

  /** This process' own. */
  public static Terminal ofProcess() {
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        Boolean.getBoolean("tapeseal.terminal"),
        Boolean.getBoolean("tapeseal.interactive") ? ofConsole() : null);
  }

  /** Standard output as text. */
  PrintStream out() {
    return text;
  }

  /** Standard error as text. */
  PrintStream err() {
    return err;
  }

  /** Whether standard error is a terminal. */
  boolean watched() {
    return watched;
  }

  /** The environment variables. */
  Map<String, String> environment() {
    return environment;
  }

  /** An environment variable, empty where it is not set. */
  String environment(String name) {
    return environment.getOrDefault(name, "");
  }

  /**
   * Asks the person for a secret, which is not shown while it is typed; the caller wipes it.
   *
   * @return null where nobody is there to ask
   */
  char @Nullable [] askSecret(String prompt) {
    return dialogue == null ? null : dialogue.secret(prompt);
  }

  /**
   * Asks the person for a line.
   *
   * @return null where nobody is there to ask, or the input ended
   */
  @Nullable
  String ask(String prompt) {
    return dialogue == null ? null : dialogue.line(prompt);
  }

  /** Says something to the person, beside the data: a line on standard error. */
  void note(String line) {
    err.println(line);
    err.flush();
  }

  /** Standard input as bytes. */
  ReadableByteChannel dataIn() {
    return Channels.newChannel(in);
  }

  /** Standard output as bytes: forward only, whatever it was redirected to. */
  WritableByteChannel dataOut() {
    return forwardOnly(Channels.newChannel(out));
  }

  /** Hides that a channel could seek, since a pipe's only seems so. */
  static WritableByteChannel forwardOnly(WritableByteChannel channel) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
      }

      @Override
      public boolean isOpen() {
        return channel.isOpen();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** Why something that was printed on standard output did not get there; null where all of it did. */
  @Nullable
  IOException lostOutput() {
    return text.checkError() ? out.failure() : null;
  }

  /** Puts out what was printed. */
  void flush() {
    text.flush();
    err.flush();
  }
}
