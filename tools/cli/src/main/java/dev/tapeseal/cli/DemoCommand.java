package dev.tapeseal.cli;

import dev.tapeseal.cli.Demo.Outcome;
import dev.tapeseal.envelope.RecordingFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the product's main job on real media, and leaves everything in a folder. */
@Command(
    name = "demo",
    description =
        "Records a call and an agent's screen, encrypts, decrypts, and refuses a damaged copy: in a few seconds.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String FOLDER = "tapeseal-demo";
  private static final int MAX_FOLDERS = 1000;

  private final Terminal terminal;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "The folder to make; tapeseal-demo, or the first free tapeseal-demo-N, by default.")
  private @Nullable Path folder;

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      description = "Your recording certificate, with --key; the demo makes its own otherwise.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "KEY.pem",
      description = "The private key that belongs to --cert.")
  private @Nullable Path key;

  @Option(
      names = "--ca",
      paramLabel = "BUNDLE.pem",
      description =
          "The CA bundle that the certificate must come from; that of the demo's own CA otherwise.")
  private @Nullable Path ca;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How the recordings lie: pkcs7 (default), pkcs7-detached or sealed.")
  private String format = RecordingFormat.PKCS7.label();

  @Option(names = "--json", description = "Print the steps as JSON.")
  private boolean json;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if ((certificate == null) != (key == null)) {
      throw new CommandException(
          ExitCode.USAGE, "--cert and --key belong together (expected: both, or neither)");
    }
    Demo.Provided provided = new Demo.Provided(certificate, key, ca);
    provided.requireFiles();
    RecordingFormat recordingFormat = RecordingFormats.of(format);
    Path made = Files.createDirectories(emptyFolder());
    Demo demo = new Demo(
        terminal,
        made,
        provided,
        recordingFormat,
        json ? step -> {} : step -> step.print(terminal.out()));
    demo.run();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("folder", made.toString());
      report.put("ok", demo.isOk());
      report.put("steps", demo.steps());
      Json.print(terminal.out(), report);
    } else {
      terminal.out().println();
      terminal
          .out()
          .println((demo.isOk()
                  ? "All of it lies in "
                  : "Something failed, see above; what was made lies in ")
              + made);
      demo.steps().stream()
          .filter(step -> step.outcome() == Outcome.LEFT_OUT)
          .forEach(step -> terminal.out().println("Left out: " + step.title()));
    }
    return (demo.isOk() ? ExitCode.OK : ExitCode.FAILED).number();
  }

  private Path emptyFolder() throws IOException {
    if (folder != null) {
      if (Files.exists(folder) && !isEmptyFolder(folder)) {
        throw new CommandException(
            ExitCode.FAILED, folder + ": exists already (expected: a new or empty folder)");
      }
      return folder;
    }
    Path candidate = Path.of(FOLDER);
    for (int number = 2; Files.exists(candidate); number++) {
      if (number > MAX_FOLDERS) {
        throw new CommandException(
            ExitCode.FAILED, FOLDER + " to " + candidate + " exist (name a folder with --dir)");
      }
      candidate = Path.of(FOLDER + "-" + number);
    }
    return candidate;
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }
}
