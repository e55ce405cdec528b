package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.keystore.CaCertificateStore;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.settings.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The data folder of a command: the flag, else the environment. */
final class DataOption {
  private static final String VARIABLE = "TAPESEAL_DATA_FOLDER";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder; otherwise that of " + VARIABLE + ".")
  private @Nullable Path folder;

  DataOption() {}

  /** Whether the flag was given. */
  boolean isGiven() {
    return folder != null;
  }

  /** Whether there is a data folder at all. */
  boolean isKnown(Terminal terminal) {
    return folder != null || !terminal.environment(VARIABLE).isEmpty();
  }

  /** A data folder that must be there, as for everything but the first steps. */
  DataFolder existing(Terminal terminal) throws IOException {
    DataFolder data = open(terminal);
    if (!Files.isDirectory(data.path())) {
      throw new NoSuchFileException(
          data.path().toString(), null, "no such data folder (see 'tapeseal profile create')");
    }
    return data;
  }

  /** The data folder and its settings; what looks like a misspelled setting is said. */
  DataFolder open(Terminal terminal) throws IOException {
    if (!isKnown(terminal)) {
      throw new CommandException(
          ExitCode.USAGE, "no data folder (expected: --data DIR, or " + VARIABLE + ")");
    }
    Path path = folder == null ? Path.of(terminal.environment(VARIABLE)) : folder;
    DataFolder data = DataFolder.open(path, terminal.environment());
    data.settings().warnings().forEach(warning -> terminal.note("tapeseal: warning: " + warning));
    return data;
  }

  /** What is provisioned, to be judged: by the authorities that RCS trusts, too. */
  static Provisioning judging(DataFolder data)
      throws IOException, RecordingCertificateException, RecordingKeyStoreException {
    return Provisioning.open(data, CaCertificateStore.of(data.settings()));
  }

  /** What is provisioned in one that must be there, to be looked at. */
  Provisioning provisioning(Terminal terminal) throws IOException {
    return Provisioning.open(existing(terminal));
  }
}
