package dev.tapeseal.cli;

import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.ShownSetting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows every setting, its value and where that came from; secrets stay hidden. */
@Command(
    name = "show",
    description =
        "Shows every setting and where its value came from: the environment, the file or the default.",
    mixinStandardHelpOptions = true)
final class ConfigShowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--config",
      paramLabel = "rcs.properties",
      description =
          "The configuration file; without it rcs.properties of the data folder, if there is one.")
  private @Nullable Path file;

  @Mixin
  private final DataOption data = new DataOption();

  @Option(names = "--json", description = "As JSON, with what each setting is for.")
  private boolean json;

  ConfigShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put(
          "settings", settings.shown().stream().map(ConfigShowCommand::report).toList());
      report.put("warnings", settings.warnings());
      Json.print(terminal.out(), report);
    } else {
      print(terminal.out(), settings.shown());
    }
    return ExitCode.OK.number();
  }

  /** Those that the other commands would go by; what looks like a misspelled one is said. */
  private Settings settings() throws IOException {
    if (file == null && data.isKnown(terminal)) {
      return data.existing(terminal).settings();
    }
    if (file != null && data.isGiven()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--config with --data (expected: one of them; the data folder's is its rcs.properties)");
    }
    Settings.Builder builder = Settings.builder().environment(terminal.environment());
    if (file != null) {
      Inputs.requireFile(file);
      builder.file(file);
    }
    Settings settings = builder.build();
    settings.warnings().forEach(warning -> terminal.note("tapeseal: warning: " + warning));
    return settings;
  }

  private static void print(PrintStream out, List<ShownSetting> settings) {
    int nameWidth = width(settings.stream().map(setting -> setting.key().name()).toList());
    int valueWidth = width(settings.stream().map(ShownSetting::value).toList());
    for (ShownSetting setting : settings) {
      out.printf(
          Locale.ROOT,
          "%-" + nameWidth + "s  %-" + valueWidth + "s  %s%n",
          setting.key().name(),
          setting.value(),
          setting.origin());
    }
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(1);
  }

  private static Map<String, @Nullable Object> report(ShownSetting setting) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("name", setting.key().name());
    report.put("value", setting.isSet() ? setting.value() : null);
    report.put("layer", setting.origin().layer().name().toLowerCase(Locale.ROOT));
    report.put("origin", setting.origin().place());
    report.put("secret", setting.key().isSecret());
    report.put("type", setting.key().type());
    report.put("expected", setting.key().expected());
    report.put("default", setting.key().defaultText().orElse(null));
    report.put("environmentVariable", setting.key().environmentVariable());
    report.put("description", setting.key().description());
    return report;
  }
}
