package dev.tapeseal.cli;

import static dev.tapeseal.envelope.RecordingPart.MAC;
import static dev.tapeseal.envelope.RecordingPart.MEDIA;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingCopy;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
      description = "How the recording lies: pkcs7 (default).")
  private String format = "pkcs7";

  @Option(
      names = "--mac",
      description = "Write OUT.mac beside it: with it, every change of the recording is seen.")
  private boolean mac;

  @Option(names = "--mac-file", paramLabel = "FILE", description = "Write the .mac here instead.")
  private @Nullable Path macFile;

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
    Path output = options.output();
    Existing existing = options.existing();
    Path macOutput = macOutput(existing);
    Inputs.requireDistinct(input, output, macOutput);
    List<RecordingCertificate> recipients = policyOptions.accept(terminal, certificates);
    if (!Inputs.isStandard(input)) {
      Inputs.requireFile(input);
    }
    try (ReadableByteChannel source = Inputs.open(terminal, input);
        OutputFile media = OutputFile.create(terminal, output, existing, Access.SHARED);
        OutputFile tags = macOutput == null
            ? null
            : OutputFile.create(terminal, macOutput, existing, Access.SHARED)) {
      RecordingFacts facts = encrypt(recordingFormat, recipients, source, media, tags);
      if (tags != null) {
        tags.publish(); // before the media, which would pass for unauthenticated without it
      } else if (existing == Existing.REPLACE && !Inputs.isStandard(output)) {
        Files.deleteIfExists(MAC.beside(output)); // of the recording that is replaced
      }
      media.publish();
      report(facts, macOutput);
    }
    return ExitCode.OK.number();
  }

  private @Nullable Path macOutput(Existing existing) {
    if (macFile != null) {
      if (macFile.equals(options.output())) {
        throw new CommandException(
            ExitCode.USAGE,
            "--mac-file " + macFile + ": is the output, too (expected: another file)");
      }
      return macFile;
    }
    if (mac && Inputs.isStandard(options.output())) {
      throw new CommandException(
          ExitCode.USAGE, "--mac with -o -: where to? (name it with --mac-file FILE)");
    }
    if (mac) {
      return MAC.beside(options.output());
    }
    if (!Inputs.isStandard(options.output())) {
      OutputFile.refuseExisting(MAC.beside(options.output()), existing); // another recording's
    }
    return null;
  }

  private RecordingFacts encrypt(
      RecordingFormat recordingFormat,
      List<RecordingCertificate> recipients,
      ReadableByteChannel source,
      OutputFile media,
      @Nullable OutputFile tags)
      throws IOException {
    long length =
        source instanceof FileChannel file && Files.isRegularFile(input) ? file.size() : -1;
    warnOfLength(length);
    RecordingOptions recordingOptions = RecordingOptions.live();
    if (length >= 0) {
      recordingOptions = recordingOptions.withPlaintextBytes(length);
    }
    if (tags != null) {
      recordingOptions = recordingOptions.withMac(RecordingContext.UNKNOWN);
    }
    SecureRandom random = new SecureRandom();
    WrappedSessionKey sessionKey = WrappedSessionKey.generate(recipients, random);
    RecordingWriter writer = RecordingWriter.open(
        recordingFormat,
        sessionKey,
        part -> (part == MEDIA || tags == null ? media : tags).channel(),
        recordingOptions,
        random);
    try (writer;
        Progress progress =
            Progress.ofBytes(terminal, "encrypting " + Inputs.name(input), length)) {
      RecordingCopy.encrypt(source, writer, progress);
    }
    if (length < 0) {
      warnOfLength(writer.facts().plaintextBytes());
    }
    return writer.facts();
  }

  /** OpenSSL holds an attached message in memory, and fails on long ones. */
  private void warnOfLength(long plaintextBytes) {
    if (plaintextBytes > OPENSSL_LIMIT_BYTES) {
      terminal.note(
          "tapeseal: warning: " + options.output()
              + ": more than 1 GiB: 'openssl cms -decrypt' takes two to three"
              + " times its size in memory, and fails from about 1.5 GiB on; 'tapeseal decrypt' reads it at any size");
    }
  }

  private void report(RecordingFacts facts, @Nullable Path macOutput) {
    if (!options.json()) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("output", options.output().toString());
    report.put("format", facts.format().label());
    report.put("plaintextBytes", facts.plaintextBytes());
    report.put("ciphertextBytes", facts.ciphertextBytes());
    report.put("fileBytes", facts.mediaBytes());
    report.put("mac", macOutput == null ? null : macOutput.toString());
    report.put("recipients", facts.recipients().stream().map(Object::toString).toList());
    Json.print(terminal.out(), report);
  }
}
