package dev.tapeseal.cli;

import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingCopy;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decrypts one recording, or a range of it, with private keys: loose ones, or those of a key store. */
@Command(
    name = "decrypt",
    description = "Decrypts a recording, or a range of it, with a private key or a key store.",
    mixinStandardHelpOptions = true)
final class DecryptCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyOptions keys = new KeyOptions();

  @Option(
      names = "--range",
      paramLabel = "RANGE",
      converter = ByteRange.Converter.class,
      description = "Which bytes, from 0, both ends included: 0-99, 100- or -50.")
  private @Nullable ByteRange range;

  @Mixin
  private final CompanionOptions companions = new CompanionOptions();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  @Parameters(paramLabel = "IN", description = "The recording; - for standard input.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path input;

  private boolean warned;

  DecryptCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (range != null && Inputs.isStandard(input)) {
      throw new CommandException(
          ExitCode.USAGE, "--range: a pipe cannot seek (expected: a file as input)");
    }
    options.check();
    Inputs.requireDistinct(input, options.output());
    Inputs.requireDistinct(companions.files(input), options.output());
    Inputs.requireDistinct(keys.files(terminal), options.output());
    keys.check();
    Inputs.requireFiles(List.of(input));
    companions.requireFiles();
    if (!keys.areNamed(terminal)) {
      throw new CommandException(
          ExitCode.USAGE, "missing private key (expected: --key KEY.pem, or --keystore FILE)");
    }
    try (KeyOptions.Keys opened = keys.open(terminal)) {
      decrypt(opened.unwrapper());
    } catch (EnvelopeException e) {
      if (e instanceof EnvelopeException.Damaged && !warned && !hasMac()) {
        warnUnauthenticated(); // this change was seen by chance
      }
      throw Failures.explain(Inputs.name(input), e);
    }
    return ExitCode.OK.number();
  }

  /** Whether there is something to verify by, where that can be told without a key. */
  private boolean hasMac() throws IOException {
    return companions.isNamed() || (!Inputs.isStandard(input) && companions.areBeside(input));
  }

  private void warnUnauthenticated() {
    warned = true;
    terminal.note("tapeseal: warning: " + Inputs.name(input)
        + ": unauthenticated: it has no .mac, so a change goes unseen");
  }

  private void decrypt(KeyUnwrapper unwrapper) throws IOException {
    try (ReadableByteChannel recording = open(unwrapper);
        OutputFile plaintext =
            OutputFile.create(terminal, options.output(), options.existing(), Access.OWNER)) {
      boolean authenticated = isAuthenticated(recording);
      if (!authenticated) {
        warnUnauthenticated();
      }
      long total = -1;
      ReadableByteChannel part = recording;
      if (recording instanceof RecordingReader whole) {
        long start = range == null ? 0 : range.start(whole.size());
        long end = range == null ? whole.size() : range.end(whole.size());
        if (range != null && start >= whole.size() && whole.size() > 0) {
          throw new CommandException(
              ExitCode.FAILED,
              "--range: begins at " + start + " (expected: below the recording's " + whole.size()
                  + " bytes)");
        }
        total = Math.max(0, end - start);
        whole.position(start);
        part = range == null ? whole : new Bounded(whole, total);
      }
      long decrypted;
      try (Progress progress =
          Progress.ofBytes(terminal, "decrypting " + Inputs.name(input), total)) {
        decrypted = RecordingCopy.decrypt(part, plaintext.channel(), progress);
      } catch (IOException e) {
        if (Inputs.isStandard(options.output())) {
          terminal.note("tapeseal: what was written to standard output is incomplete");
        }
        throw e;
      }
      plaintext.publish();
      report(decrypted, authenticated);
    }
  }

  private ReadableByteChannel open(KeyUnwrapper unwrapper) throws IOException {
    if (!Inputs.isStandard(input) && Files.isRegularFile(input)) {
      return RecordingReader.open(
          companions.sourceOf(input), unwrapper, RecordingExpectation.none());
    }
    return RecordingReader.openStream(
        Inputs.open(terminal, input),
        companions::openNamed,
        unwrapper,
        RecordingExpectation.none());
  }

  private static boolean isAuthenticated(ReadableByteChannel recording) {
    return recording instanceof RecordingReader whole
        ? whole.isAuthenticated()
        : recording instanceof RecordingStream stream && stream.isAuthenticated();
  }

  private void report(long decrypted, boolean authenticated) {
    if (options.json()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("output", options.output().toString());
      report.put("bytes", decrypted);
      report.put("authenticated", authenticated);
      Json.print(terminal.out(), report);
    }
  }

  /** The next bytes of a recording, and no more. */
  private static final class Bounded implements ReadableByteChannel {
    private final ReadableByteChannel recording;
    private long left;

    Bounded(ReadableByteChannel recording, long left) {
      this.recording = recording;
      this.left = left;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (left == 0) {
        return -1;
      }
      int limit = target.limit();
      target.limit((int) Math.min(limit, target.position() + left));
      int read = recording.read(target);
      target.limit(limit);
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public boolean isOpen() {
      return recording.isOpen();
    }

    @Override
    public void close() throws IOException {
      recording.close();
    }
  }
}
