package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Encrypts the session keys of recordings under other certificates: of files, or of a store. */
@Command(
    name = "rewrap",
    description = {
      "Puts recordings under other recording certificates; their content stays as it is, to the byte.",
      "Of pkcs7-detached and sealed recordings the envelope alone is replaced, pkcs7 is written anew around the same"
          + " ciphertext. It does not revoke: who once had a session key keeps it."
    },
    mixinStandardHelpOptions = true)
final class RewrapCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyOptions keys = new KeyOptions();

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      required = true,
      description = "A recording certificate to put them under; repeat it for each recipient.")
  private List<Path> certificates = List.of();

  @Mixin
  private final PolicyOptions policyOptions = new PolicyOptions();

  @Mixin
  private final RewrapStoreOptions store = new RewrapStoreOptions();

  @Option(
      names = "--dry-run",
      description = "Change nothing; open each recording to see that it could be rewrapped.")
  private boolean dryRun;

  @Option(names = "--json", description = "Report as JSON.")
  private boolean json;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Recordings, their .p7 or .p7k beside them; replaced in their place.")
  private List<Path> files = List.of();

  RewrapCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    store.check();
    if (files.isEmpty() != store.isStore()) {
      throw new CommandException(
          ExitCode.USAGE, "what to rewrap? (expected: either FILE, or --store DIR or --data DIR)");
    }
    keys.check();
    if (!keys.areNamed(terminal)) {
      throw new CommandException(
          ExitCode.USAGE,
          "missing private key (expected: --key KEY.pem or --keystore FILE that opens them now)");
    }
    for (Path file : files) {
      requireLoose(file);
    }
    List<RecordingCertificate> recipients = policyOptions.accept(terminal, certificates);
    try (KeyOptions.Keys opened = keys.open(terminal)) {
      ExitCode exitCode = store.isStore()
          ? new RewrapStore(terminal, store, dryRun, json).run(opened.forRewrap(), recipients)
          : new RewrapFiles(terminal, dryRun, json).run(files, opened.unwrapper(), recipients);
      return exitCode.number();
    }
  }

  /** Refuses pipes, and files whose store would not hear of it. */
  private static void requireLoose(Path file) throws IOException {
    if (Inputs.isStandard(file)) {
      throw new CommandException(
          ExitCode.USAGE, "-: nothing to replace (expected: files to rewrap)");
    }
    Inputs.requireFile(file);
    Path metadata = file.toRealPath().resolveSibling("recording.json");
    if (metadata.toFile().exists()) {
      throw new CommandException(
          ExitCode.REFUSED,
          file + ": belongs to a store, whose metadata name its recipients"
              + " (expected: --store DIR, with --id "
              + metadata.resolveSibling("").getFileName() + ")");
    }
  }
}
