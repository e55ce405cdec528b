package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingCopy;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Encrypts one file under recording certificates. */
@Command(
    name = "encrypt",
    description = "Encrypts a file under one or more recording certificates.",
    mixinStandardHelpOptions = true)
final class EncryptCommand implements Callable<Integer> {
  private static final long OPENSSL_LIMIT_BYTES = 1L << 30;

  private final Terminal terminal;

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      required = true,
      description = "A recording certificate; repeat it for more recipients, at most 16.")
  private List<Path> certificates = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "pkcs7",
      description =
          "How the recording lies: pkcs7 (default), pkcs7-detached (OUT and OUT.p7) or sealed (OUT and OUT.p7k).")
  private String format = "pkcs7";

  @Option(
      names = "--mac",
      description = "Write OUT.mac beside it: with it, every change of the recording is seen.")
  private boolean mac;

  @Option(names = "--mac-file", paramLabel = "FILE", description = "Write the .mac here instead.")
  private @Nullable Path macFile;

  @Option(
      names = "--envelope",
      paramLabel = "FILE",
      description = "Write the .p7 or .p7k here instead of beside OUT.")
  private @Nullable Path envelopeFile;

  @Mixin
  private final PolicyOptions policyOptions = new PolicyOptions();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  @Parameters(paramLabel = "IN", description = "The file to encrypt; - for standard input.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path input;

  EncryptCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    RecordingFormat recordingFormat = RecordingFormats.of(format);
    options.check();
    Map<RecordingPart, Path> outputs = outputs(recordingFormat);
    Path[] written = outputs.values().toArray(Path[]::new);
    Inputs.requireDistinct(input, written);
    Inputs.requireDistinct(certificates, written);
    Inputs.requireDistinct(policyOptions.files(), written);
    List<RecordingCertificate> recipients = policyOptions.accept(terminal, certificates);
    if (!Inputs.isStandard(input)) {
      Inputs.requireFile(input);
    }
    try (ReadableByteChannel source = Inputs.open(terminal, input);
        RecordingOutputs files = RecordingOutputs.create(terminal, outputs, options.existing())) {
      RecordingFacts facts = encrypt(
          recordingFormat, recipients, source, files, outputs.containsKey(RecordingPart.MAC));
      files.publish();
      report(facts, outputs);
    }
    return ExitCode.OK.number();
  }

  /** Where each part of the recording goes. */
  private Map<RecordingPart, Path> outputs(RecordingFormat recordingFormat) {
    Map<RecordingPart, Path> outputs = new EnumMap<>(RecordingPart.class);
    outputs.put(RecordingPart.MEDIA, options.output());
    if (mac || macFile != null) {
      if (!recordingFormat.isCbc()) {
        throw new CommandException(
            ExitCode.USAGE,
            "--mac with --format " + format
                + ": every segment of it authenticates itself (leave --mac out)");
      }
      outputs.put(RecordingPart.MAC, companion(RecordingPart.MAC, macFile, "--mac-file"));
    }
    RecordingPart envelope = recordingFormat.envelope();
    if (envelope != null) {
      outputs.put(envelope, companion(envelope, envelopeFile, "--envelope"));
    } else if (envelopeFile != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "--envelope with --format " + format + ": its envelope is around it"
              + " (expected: --format pkcs7-detached or sealed)");
    }
    requireDistinct(outputs);
    return outputs;
  }

  private static void requireDistinct(Map<RecordingPart, Path> outputs) {
    if (outputs.values().stream().distinct().count() < outputs.size()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--output, --mac-file, --envelope: one file for two of them, " + outputs.values()
              + " (expected: each another file)");
    }
  }

  private Path companion(RecordingPart part, @Nullable Path named, String option) {
    if (named != null) {
      return named;
    }
    if (Inputs.isStandard(options.output())) {
      throw new CommandException(
          ExitCode.USAGE,
          "-o -: where does the " + part.suffix() + " go? (name it with " + option + " FILE)");
    }
    return part.beside(options.output());
  }

  private RecordingFacts encrypt(
      RecordingFormat recordingFormat,
      List<RecordingCertificate> recipients,
      ReadableByteChannel source,
      RecordingOutputs files,
      boolean authenticated)
      throws IOException {
    long length =
        source instanceof FileChannel file && Files.isRegularFile(input) ? file.size() : -1;
    warnOfLength(recordingFormat, length);
    RecordingOptions recordingOptions = RecordingOptions.live();
    if (length >= 0) {
      recordingOptions = recordingOptions.withPlaintextBytes(length);
    }
    if (authenticated) {
      recordingOptions = recordingOptions.withMac(RecordingContext.UNKNOWN);
    }
    SecureRandom random = new SecureRandom();
    WrappedSessionKey sessionKey = WrappedSessionKey.generate(recordingFormat, recipients, random);
    RecordingWriter writer =
        RecordingWriter.open(recordingFormat, sessionKey, files::channel, recordingOptions, random);
    try (writer;
        Progress progress =
            Progress.ofBytes(terminal, "encrypting " + Inputs.name(input), length)) {
      RecordingCopy.encrypt(source, writer, progress);
    }
    if (length < 0) {
      warnOfLength(recordingFormat, writer.facts().plaintextBytes());
    }
    return writer.facts();
  }

  /** OpenSSL holds an attached message in memory, and fails on long ones. */
  private void warnOfLength(RecordingFormat recordingFormat, long plaintextBytes) {
    if (recordingFormat == RecordingFormat.PKCS7 && plaintextBytes > OPENSSL_LIMIT_BYTES) {
      terminal.note("tapeseal: warning: " + options.output()
          + ": more than 1 GiB: 'openssl cms -decrypt' takes two to three"
          + " times its size in memory, and fails from about 1.5 GiB on; it reads --format pkcs7-detached at any"
          + " size, and 'tapeseal decrypt' reads both");
    }
  }

  private void report(RecordingFacts facts, Map<RecordingPart, Path> outputs) {
    if (!options.json()) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("output", options.output().toString());
    report.put("format", facts.format().label());
    report.put("plaintextBytes", facts.plaintextBytes());
    report.put("ciphertextBytes", facts.ciphertextBytes());
    report.put("fileBytes", facts.mediaBytes());
    report.put("mac", name(outputs.get(RecordingPart.MAC)));
    RecordingPart envelope = facts.format().envelope();
    report.put("envelope", envelope == null ? null : name(outputs.get(envelope)));
    report.put("fileId", facts.fileId());
    report.put("recipients", facts.recipients().stream().map(Object::toString).toList());
    Json.print(terminal.out(), report);
  }

  private static @Nullable String name(@Nullable Path file) {
    return file == null ? null : file.toString();
  }
}
