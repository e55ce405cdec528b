package dev.tapeseal.cli;

import dev.tapeseal.certificate.Pem;
import dev.tapeseal.cli.InspectedFile.Item;
import dev.tapeseal.cli.InspectedFile.Row;
import dev.tapeseal.keystore.KeyPassword;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what is in a file of certificates, requests or keys, in the fields that an administrator is shown. */
@Command(
    name = "inspect",
    description =
        "Tells what is in a certificate, CA bundle, request or key file; 'cert verify' judges it.",
    mixinStandardHelpOptions = true)
final class CertInspectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password of a private key in the file.")
  private @Nullable Path passwordFile;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "The file; - for standard input.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path file;

  CertInspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    byte[] bytes = read();
    try (KeyPassword password = Passwords.find(terminal, passwordFile, KeyPasswords.KEY_VARIABLE)) {
      InspectedFile inspected = InspectedFile.of(bytes, Inputs.name(file), password);
      if (json) {
        Json.print(terminal.out(), report(inspected));
      } else {
        print(terminal.out(), inspected);
      }
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    return ExitCode.OK.number();
  }

  private byte[] read() throws IOException {
    if (!Inputs.isStandard(file)) {
      Inputs.requireFile(file);
    }
    try (InputStream in = Inputs.isStandard(file)
        ? Channels.newInputStream(terminal.dataIn())
        : Files.newInputStream(file)) {
      return in.readNBytes(Pem.MAX_BYTES + 1);
    }
  }

  private void print(PrintStream out, InspectedFile inspected) {
    row(out, "File", Inputs.name(file));
    row(out, "Kind", kind(inspected));
    List<Item> items = inspected.items();
    for (int i = 0; i < items.size(); i++) {
      if (items.size() > 1) {
        out.println();
        row(out, "Block " + (i + 1), items.get(i).kind());
      }
      items.get(i).rows().forEach(row -> row(out, row.label(), row.shown()));
    }
    inspected.warnings().forEach(warning -> terminal.note("tapeseal: warning: " + warning));
  }

  private static String kind(InspectedFile inspected) {
    return inspected.items().size() == 1
        ? inspected.kind()
        : inspected.kind() + " (" + inspected.items().size() + ")";
  }

  private static void row(PrintStream out, String label, String value) {
    out.printf(Locale.ROOT, "%-14s %s%n", label, value);
  }

  private Map<String, Object> report(InspectedFile inspected) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("file", file.toString());
    report.put("kind", inspected.kind());
    report.put(
        "items", inspected.items().stream().map(CertInspectCommand::members).toList());
    report.put("warnings", inspected.warnings());
    return report;
  }

  private static Map<String, @Nullable Object> members(Item item) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("kind", item.kind());
    for (Row row : item.rows()) {
      members.put(row.name(), row.value());
    }
    return members;
  }
}
