package dev.tapeseal.cli;

import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.Recording;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints everything about one recording for people. */
final class RecordingDetails {
  private RecordingDetails() {}

  static void print(PrintStream out, Recording recording) {
    row(out, "Recording", recording.id().value());
    row(out, "Kind", recording.kind().name().toLowerCase(Locale.ROOT));
    row(
        out,
        "Tenant",
        recording.tenant().name() + " of contact center " + recording.tenant().contactCenterId());
    row(out, "Caller", recording.callerNumber());
    row(out, "Dialed", recording.dialedNumber());
    row(out, "Started", recording.started());
    row(out, "Stopped", recording.stopped());
    for (MediaFile file : recording.mediaFiles()) {
      out.println();
      print(out, file);
    }
    out.flush();
  }

  private static void print(PrintStream out, MediaFile file) {
    row(out, "Media file", file.mediaId().value());
    row(out, "Type", file.type());
    row(out, "Seconds", RecordingTable.seconds(file.duration()));
    row(out, "Bytes", file.sizeBytes());
    row(out, "Call UUID", file.callUuid());
    row(out, "Agent", file.agentId());
    file.descriptor().forEach((name, value) -> row(out, "Stored at", name + " " + value));
    MediaEncryption encryption = file.encryption();
    if (encryption == null) {
      row(out, "Encryption", "none: the media are clear");
      return;
    }
    row(out, "Encryption", encryption.format());
    row(out, "Plaintext", encryption.plaintextBytes() + " bytes");
    row(
        out,
        "Integrity",
        encryption.fileId() != null
            ? "AES-256-GCM, file id " + encryption.fileId()
            : encryption.macId() != null
                ? "HMAC-SHA256, .mac id " + encryption.macId()
                : "unauthenticated");
    for (MediaRecipient recipient : encryption.recipients()) {
      row(out, "Recipient", name(recipient));
    }
  }

  private static String name(MediaRecipient recipient) {
    return recipient.serialNumber() == null
        ? "subject key identifier " + recipient.subjectKeyIdentifier()
        : recipient.issuer() + " #" + recipient.serialNumber().toString(16);
  }

  private static void row(PrintStream out, String label, @Nullable Object value) {
    out.printf("%-11s %s%n", label, value == null ? "" : value);
  }
}
