package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingRewrap;
import dev.tapeseal.envelope.RecordingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rewraps loose recordings in their place, one after the other, and reports on each. */
final class RewrapFiles {
  private final Terminal terminal;
  private final boolean dryRun;
  private final boolean json;
  private final SecureRandom random = new SecureRandom();
  private final List<Map<String, Object>> rows = new ArrayList<>();

  RewrapFiles(Terminal terminal, boolean dryRun, boolean json) {
    this.terminal = terminal;
    this.dryRun = dryRun;
    this.json = json;
  }

  ExitCode run(List<Path> files, KeyUnwrapper keys, List<RecordingCertificate> certificates) {
    int failed = 0;
    ExitCode last = ExitCode.OK;
    for (Path file : files) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("file", file.toString());
      rows.add(row);
      try {
        rewrap(file, keys, certificates, row);
      } catch (IOException e) {
        failed++;
        CommandException explained = Failures.explain(file, e);
        last = explained.exitCode();
        row.put("result", "failed");
        row.put("reason", String.valueOf(explained.getMessage()));
        terminal.note("tapeseal: " + explained.getMessage());
      }
    }
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("dryRun", dryRun);
      report.put("failed", failed);
      report.put("files", rows);
      Json.print(terminal.out(), report);
    }
    if (failed == 0) {
      return ExitCode.OK;
    }
    return failed < files.size() ? ExitCode.SOME_FAILED : last;
  }

  private void rewrap(
      Path file,
      KeyUnwrapper keys,
      List<RecordingCertificate> certificates,
      Map<String, Object> row)
      throws IOException {
    RecordingSource source = RecordingSource.ofFile(file);
    EnvelopeInfo before = EnvelopeInfo.of(source);
    row.put("format", before.format().label());
    row.put("before", names(before.recipients()));
    row.put("after", certificates.stream().map(RewrapFiles::name).toList());
    if (before.isFor(certificates)) {
      row.put("result", "alreadyRewrapped");
      say(file + ": has these recipients already");
      return;
    }
    if (dryRun) {
      RecordingReader.open(source, keys, RecordingExpectation.none()).close();
      row.put("result", "rewrapped");
      say(file + ": could be rewrapped");
      return;
    }
    @Nullable ReplacedFile[] begun = new ReplacedFile[1];
    try {
      RecordingRewrap.Result result = RecordingRewrap.rewrap(
          source,
          keys,
          RecordingExpectation.none(),
          certificates,
          part -> {
            ReplacedFile replaced = ReplacedFile.begin(part.beside(file));
            begun[0] = replaced;
            return replaced.channel();
          },
          random);
      ReplacedFile replaced = begun[0];
      if (replaced == null) {
        throw new IllegalStateException("a rewrap writes one part");
      }
      replaced.publish();
      row.put("replaced", result.replaced().beside(file).toString());
      row.put("result", "rewrapped");
      say(file + ": rewrapped, " + result.replaced().beside(file) + " was replaced");
    } finally {
      if (begun[0] != null) {
        begun[0].close();
      }
    }
  }

  private void say(String what) {
    if (!json) {
      terminal.out().println(what);
    }
  }

  private static List<String> names(List<Recipient> recipients) {
    return recipients.stream()
        .map(recipient -> recipient.identifier().toString())
        .toList();
  }

  private static String name(RecordingCertificate certificate) {
    return certificate.identifier().toString();
  }
}
