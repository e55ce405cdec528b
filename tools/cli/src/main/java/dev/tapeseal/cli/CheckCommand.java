package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks through a data folder for what will hurt later. */
@Command(
    name = "check",
    description = "Looks through a data folder for what will hurt later. Changes nothing.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 nothing found, 3 something that will hurt."})
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final DataOption data = new DataOption();

  @Mixin
  private final KeyCheckOptions keyOptions = new KeyCheckOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    DataFolder folder = data.existing(terminal);
    List<Finding> findings = new ArrayList<>();
    ProvisioningCheck provisioning =
        new ProvisioningCheck(provisioning(folder, findings), Instant.now());
    provisioning.run();
    findings.addAll(provisioning.findings());
    findings.addAll(keyOptions.check(terminal, folder, provisioning.certificates()));
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("findings", findings);
      report.put("notes", provisioning.notes());
      Json.print(terminal.out(), report);
    } else {
      findings.forEach(terminal.out()::println);
      terminal.out().flush();
      provisioning.notes().forEach(note -> terminal.note("tapeseal: note: " + note));
      if (findings.isEmpty()) {
        terminal.note("tapeseal: nothing found that will hurt");
      }
    }
    return (findings.isEmpty() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
  }

  /** Authorities that cannot be read keep screens from being recorded, and are one finding of several. */
  private static Provisioning provisioning(DataFolder folder, List<Finding> findings)
      throws IOException {
    try {
      return DataOption.judging(folder);
    } catch (IOException | RecordingCertificateException | RecordingKeyStoreException e) {
      findings.add(new Finding(
          "ca-store",
          SettingKeys.CA_CERTIFICATE_STORE_PATH.name(),
          String.valueOf(Failures.explain(e).getMessage())));
      return Provisioning.open(folder);
    }
  }
}
