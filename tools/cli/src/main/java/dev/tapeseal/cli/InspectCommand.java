package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.envelope.RecordingFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what an encrypted recording says of itself, without any key. */
@Command(
    name = "inspect",
    description =
        "Tells what an encrypted recording says of itself; needs no key and proves nothing.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Mixin
  private final CompanionOptions companions = new CompanionOptions();

  @Parameters(paramLabel = "FILE", description = "The recording; - for standard input.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path file;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    EnvelopeInfo info = Inputs.isStandard(file) ? inspectStandardInput() : inspect(file);
    if (json) {
      Json.print(terminal.out(), report(info));
    } else {
      print(terminal.out(), info);
    }
    return ExitCode.OK.number();
  }

  private EnvelopeInfo inspect(Path recording) throws IOException {
    Inputs.requireFile(recording);
    companions.requireFiles();
    try {
      return EnvelopeInfo.of(companions.sourceOf(recording));
    } catch (EnvelopeException e) {
      throw Failures.explain(file, e);
    }
  }

  /** Its lengths stand at several places, so it must be a file; it is ciphertext, and may lie on the disk. */
  private EnvelopeInfo inspectStandardInput() throws IOException {
    Path copy = Files.createTempFile("tapeseal-inspect-", ".part");
    try {
      Files.copy(
          Channels.newInputStream(terminal.dataIn()), copy, StandardCopyOption.REPLACE_EXISTING);
      return inspect(copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private Map<String, Object> report(EnvelopeInfo info) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("file", file.toString());
    report.put("format", info.format().label());
    report.put("armour", info.armour());
    report.put("form", info.form().name().toLowerCase(Locale.ROOT));
    report.put("contentCipher", info.contentCipher());
    report.put("headerBytes", info.headerBytes());
    report.put("ciphertextBytes", info.ciphertextBytes());
    report.put("minPlaintextBytes", info.minPlaintextBytes());
    report.put("maxPlaintextBytes", info.maxPlaintextBytes());
    report.put("pieceBytes", info.pieceBytes() == 0 ? null : info.pieceBytes());
    report.put(
        "recipients", info.recipients().stream().map(InspectCommand::report).toList());
    EnvelopeInfo.Mac mac = info.mac();
    report.put("authenticated", info.isAuthenticated());
    report.put("mac", mac == null ? null : report(mac));
    EnvelopeInfo.Sealed sealed = info.sealed();
    report.put("sealed", sealed == null ? null : report(sealed));
    return report;
  }

  private static Map<String, Object> report(EnvelopeInfo.Sealed sealed) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("fileId", sealed.fileId());
    report.put("commitment", sealed.commitment());
    report.put("contextSha256", sealed.contextDigest());
    report.put("segmentBytes", sealed.segmentBytes());
    report.put("segments", sealed.segments());
    return report;
  }

  private static Map<String, @Nullable Object> report(Recipient recipient) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    if (recipient.identifier() instanceof IssuerAndSerialNumber named) {
      report.put("issuer", named.issuer().getName());
      report.put("serialNumber", named.serialNumber().toString(16));
    } else if (recipient.identifier() instanceof SubjectKeyIdentifier keyed) {
      report.put("subjectKeyIdentifier", keyed.hex());
    }
    report.put("keyTransport", recipient.keyTransport().toString());
    report.put("encryptedKeyBytes", recipient.encryptedKey().length);
    return report;
  }

  private static Map<String, Object> report(EnvelopeInfo.Mac mac) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("id", mac.id());
    report.put("contextSha256", mac.contextDigest());
    report.put("tags", mac.tags());
    report.put("fits", mac.fits());
    return report;
  }

  private void print(PrintStream out, EnvelopeInfo info) {
    row(out, "File", file.toString());
    row(
        out,
        "Format",
        info.format().label() + ": " + standard(info.format())
            + (info.armour().equals("none") ? "" : ", in " + info.armour()));
    row(out, "Lengths", lengths(info));
    row(
        out,
        "Content",
        info.contentCipher()
            + (info.sealed() == null
                ? ""
                : " in segments of " + info.sealed().segmentBytes() + " bytes")
            + ", " + info.ciphertextBytes() + " bytes of ciphertext behind a header of "
            + info.headerBytes());
    row(
        out,
        "Plaintext",
        info.minPlaintextBytes() == info.maxPlaintextBytes()
            ? info.minPlaintextBytes() + " bytes"
            : info.minPlaintextBytes() + " to " + info.maxPlaintextBytes() + " bytes");
    String label = "Recipients";
    for (Recipient recipient : info.recipients()) {
      row(out, label, recipient.toString());
      label = "";
    }
    row(out, "Integrity", integrity(info));
  }

  private static void row(PrintStream out, String label, String value) {
    out.printf("%-11s %s%n", label, value);
  }

  private static String lengths(EnvelopeInfo info) {
    return switch (info.form()) {
      case DER -> "definite (DER)";
      case DEFINITE -> "definite, in five octets (BER)";
      case INDEFINITE -> "indefinite (BER), pieces of " + info.pieceBytes() + " octets";
    };
  }

  private static String standard(RecordingFormat format) {
    return switch (format) {
      case PKCS7 -> "CMS EnvelopedData (RFC 5652)";
      case PKCS7_DETACHED -> "a CMS EnvelopedData (RFC 5652), and the ciphertext beside it";
      case SEALED -> "AES-GCM in segments, its key in a CMS AuthEnvelopedData (RFC 5083)";
    };
  }

  private static String integrity(EnvelopeInfo info) {
    if (info.sealed() != null) {
      return "every segment authenticates itself, file id " + info.sealed().fileId()
          + "; checked when it is decrypted";
    }
    EnvelopeInfo.Mac mac = info.mac();
    if (mac == null) {
      return "unauthenticated: it has no .mac, so a change goes unseen";
    }
    String tags = "HMAC-SHA256 in a .mac of " + mac.tags() + " tags, id " + mac.id();
    return mac.fits()
        ? tags + "; checked when it is decrypted"
        : tags + ", which is not as many as the content needs";
  }
}
