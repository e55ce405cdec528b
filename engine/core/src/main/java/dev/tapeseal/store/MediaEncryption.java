package dev.tapeseal.store;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a stored media file is encrypted: what stands in its metadata under {@code tapeseal}. It holds nothing
 * secret. Readers compare the file id, the MAC's id and the commitment with what the files say: that catches a
 * file that was replaced by another valid one.
 *
 * @param format for example {@code pkcs7}
 * @param recipients 1 to 16
 * @param fileId of a sealed file, 16 bytes in lower-case hexadecimal; null in other formats
 * @param macId of the MAC beside a CBC file, 16 bytes in lower-case hexadecimal; null where there is no MAC
 * @param commitment of a sealed file to its session key, 32 bytes in lower-case hexadecimal; null in other formats
 * @param plaintextBytes the length of the media before encryption; -1 where unknown
 */
public record MediaEncryption(
    String format,
    List<MediaRecipient> recipients,
    @Nullable String fileId,
    @Nullable String macId,
    @Nullable String commitment,
    long plaintextBytes) {

  private static final int MAX_RECIPIENTS = 16;
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern SERIAL_NUMBER = Pattern.compile("-?[0-9a-f]{1,128}");

  /** Refuses what no encrypted file has. */
  public MediaEncryption {
    if (!FORMAT.matcher(format).matches()) {
      throw new IllegalArgumentException(
          "format: " + Printable.of(format) + " (expected: a name such as pkcs7)");
    }
    if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException(
          "recipients: " + recipients.size() + " (expected: 1 to " + MAX_RECIPIENTS + ")");
    }
    if (fileId != null) {
      checkHex("file id", fileId, 16);
    }
    if (macId != null) {
      checkHex("mac id", macId, 16);
    }
    if (commitment != null) {
      checkHex("commitment", commitment, 32);
    }
    if (plaintextBytes < -1) {
      throw new IllegalArgumentException(
          "plaintext: " + plaintextBytes + " bytes (expected: >= 0, or -1 when unknown)");
    }
    recipients = List.copyOf(recipients);
  }

  static void checkHex(String what, String hex, int bytes) {
    if (!hex.matches("[0-9a-f]{" + 2 * bytes + "}")) {
      throw new IllegalArgumentException(what + ": " + Printable.of(hex) + " (expected: " + bytes
          + " bytes in lower-case hexadecimal)");
    }
  }

  static MediaEncryption read(ObjectNode json) throws InvalidMetadataException {
    List<MediaRecipient> recipients = new ArrayList<>();
    if (json.get("recipients") instanceof ArrayNode array) {
      for (JsonNode element : array) {
        if (!(element instanceof ObjectNode recipient)) {
          throw new InvalidMetadataException("recipients: not a list of JSON objects");
        }
        recipients.add(readRecipient(recipient));
      }
    }
    try {
      return new MediaEncryption(
          Json.requiredText(json, "format"),
          recipients,
          Json.text(json, "fileId"),
          Json.text(json, "macId"),
          Json.text(json, "commitment"),
          Json.count(json, "plaintextBytes"));
    } catch (IllegalArgumentException e) {
      throw new InvalidMetadataException(e);
    }
  }

  private static MediaRecipient readRecipient(ObjectNode json) throws InvalidMetadataException {
    String serialNumber = Json.text(json, "serialNumber");
    if (serialNumber != null
        && !SERIAL_NUMBER.matcher(serialNumber.toLowerCase(Locale.ROOT)).matches()) {
      throw new InvalidMetadataException(
          "serial number: " + Printable.of(serialNumber) + " (expected: a hexadecimal number)");
    }
    try {
      return new MediaRecipient(
          Json.text(json, "issuer"),
          serialNumber == null ? null : new BigInteger(serialNumber, 16),
          Json.text(json, "subjectKeyIdentifier"),
          Json.text(json, "publicKeySha256"));
    } catch (IllegalArgumentException e) {
      throw new InvalidMetadataException(e);
    }
  }

  /** Writes the members, and leaves others that stand there. */
  void write(ObjectNode json) {
    json.put("format", format);
    ArrayNode array = json.putArray("recipients");
    for (MediaRecipient recipient : recipients) {
      ObjectNode element = array.addObject();
      putOrRemove(element, "issuer", recipient.issuer());
      BigInteger serialNumber = recipient.serialNumber();
      putOrRemove(element, "serialNumber", serialNumber == null ? null : serialNumber.toString(16));
      putOrRemove(element, "subjectKeyIdentifier", recipient.subjectKeyIdentifier());
      putOrRemove(element, "publicKeySha256", recipient.publicKeySha256());
    }
    putOrRemove(json, "fileId", fileId);
    putOrRemove(json, "macId", macId);
    putOrRemove(json, "commitment", commitment);
    putOrRemove(json, "plaintextBytes", plaintextBytes < 0 ? null : Long.toString(plaintextBytes));
  }

  private static void putOrRemove(ObjectNode json, String member, @Nullable String value) {
    if (value == null) {
      json.remove(member);
    } else {
      json.put(member, value);
    }
  }
}
