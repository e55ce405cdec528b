package dev.tapeseal.cli;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.profile.ProfileOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of an IVR profile that a user may set, apart from its certificates. */
final class ProfileOptions {
  private static final int MAX_CREDENTIAL_BYTES = 4096;

  @Option(
      names = "--service-type",
      paramLabel = "TYPE",
      description = "gvp.general service-type; 'record' where it is left out.")
  private @Nullable String serviceType;

  @Option(
      names = "--geo-location",
      paramLabel = "LOCATION",
      description = "The calls that it is picked for.")
  private @Nullable String geoLocation;

  @Option(
      names = "--ca-file",
      paramLabel = "BUNDLE.pem",
      description =
          "What its certificates must chain to: intermediates, nearest first, the root last.")
  private @Nullable Path caFile;

  @Option(
      names = "--mime-type",
      paramLabel = "audio/wav|audio/mp3",
      description = "What calls are recorded as; otherwise as they come.")
  private @Nullable String mimeType;

  @Option(
      names = "--file-name-template",
      paramLabel = "TEMPLATE",
      description = "How media files are named, for example {call-uuid}_{mcp-date-time}_{id}.")
  private @Nullable String fileNameTemplate;

  @Option(
      names = "--alert-tone-source",
      paramLabel = "SOURCE",
      description = "Where the tone comes from that tells people that they are recorded.")
  private @Nullable String alertToneSource;

  @Option(
      names = "--when-certificates-fail",
      paramLabel = "refuse|record-with-those-that-pass",
      description = "What happens to a call when a certificate does not pass; 'refuse' by default.")
  private @Nullable String whenCertificatesFail;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How recordings lie: pkcs7 (default), pkcs7-detached or sealed.")
  private @Nullable String format;

  @Option(
      names = "--storage-destination",
      paramLabel = "PLACE",
      description = "Where media are put: a folder or an HTTP address.")
  private @Nullable String storageDestination;

  @Option(
      names = "--storage-authorization-file",
      paramLabel = "FILE",
      description = "Its first line is username:password for the storage.")
  private @Nullable Path storageAuthorization;

  @Option(
      names = "--recording-processor-uri",
      paramLabel = "URI",
      description = "Where metadata are posted.")
  private @Nullable String recordingProcessorUri;

  @Option(
      names = "--speechminer-destination",
      paramLabel = "PLACE",
      description = "Where media for SpeechMiner are put.")
  private @Nullable String speechMinerDestination;

  @Option(
      names = "--speechminer-interaction-receiver",
      paramLabel = "URI",
      description = "SpeechMiner's Interaction Receiver.")
  private @Nullable String interactionReceiver;

  @Option(
      names = "--speechminer-interaction-receiver-authorization-file",
      paramLabel = "FILE",
      description = "Its first line is username:password for the receiver.")
  private @Nullable Path interactionReceiverAuthorization;

  ProfileOptions() {}

  /** What was given; a CA file is read first, and what there is to warn of it is said. */
  List<ProfileOption> given(Terminal terminal) throws IOException, RecordingCertificateException {
    List<ProfileOption> options = new ArrayList<>();
    if (serviceType != null) {
      options.add(ProfileOption.serviceType(serviceType));
    }
    if (geoLocation != null) {
      options.add(ProfileOption.geoLocation(geoLocation));
    }
    if (caFile != null) {
      Inputs.requireFile(caFile);
      CaBundle.read(caFile)
          .warnings()
          .forEach(warning -> terminal.note("tapeseal: warning: " + warning));
      options.add(ProfileOption.caFile(caFile.toAbsolutePath()));
    }
    add(options, "mime-type", mimeType);
    add(options, "file-name-template", fileNameTemplate);
    add(options, "alert-tone-source", alertToneSource);
    add(options, "when-certificates-fail", whenCertificatesFail);
    add(options, "format", format == null ? null : RecordingFormats.of(format).label());
    add(options, "storage-destination", storageDestination);
    add(options, "storage-authorization", firstLine(storageAuthorization));
    add(options, "recording-processor-uri", recordingProcessorUri);
    add(options, "speechminer-destination", speechMinerDestination);
    add(options, "speechminer-interaction-receiver", interactionReceiver);
    add(
        options,
        "speechminer-interaction-receiver-authorization",
        firstLine(interactionReceiverAuthorization));
    return options;
  }

  private static void add(List<ProfileOption> options, String name, @Nullable String value) {
    if (value != null) {
      options.add(ProfileOption.recording(name, value));
    }
  }

  private static @Nullable String firstLine(@Nullable Path file) throws IOException {
    if (file == null) {
      return null;
    }
    Inputs.requireFile(file);
    if (Files.size(file) > MAX_CREDENTIAL_BYTES) {
      throw new CommandException(
          ExitCode.FAILED,
          file + ": more than " + MAX_CREDENTIAL_BYTES
              + " bytes (expected: one line, username:password)");
    }
    return Files.readString(file).lines().findFirst().orElse("");
  }
}
