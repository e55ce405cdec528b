package dev.tapeseal.profile;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of one certificate option. Stricter than reading a PEM file, because what an editor did
 * to an option must not pass for a certificate: it says what kind of damage there is.
 */
final class CertificateText {
  private static final int MAX_LINE = 76; // RFC 1421 has 64, MIME 76
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN [A-Z0-9 ]+-----(.*?)-----END [A-Z0-9 ]+-----", Pattern.DOTALL);
  private static final Pattern ESCAPES = Pattern.compile(
      "\\\\[nrtu/]|%0[AaDd]|%2[BbFf]|%3[Dd]|&#|&[a-z]+;|=3D|=0A|<br", Pattern.CASE_INSENSITIVE);

  private CertificateText() {}

  /** Reads an option's value. */
  static CertificateOption read(int number, String text, String source) {
    String damage = damage(
        text.substring(Math.max(0, text.indexOf("-----BEGIN ")))); // remarks may say anything
    if (!damage.isEmpty()) {
      return new CertificateOption.Corrupt(number, damage);
    }
    byte[] pem = text.getBytes(StandardCharsets.US_ASCII);
    try {
      List<RecordingCertificate> certificates = RecordingCertificate.parse(pem, source);
      return certificates.size() == 1
          ? new CertificateOption.Intact(number, certificates.get(0))
          : new CertificateOption.Corrupt(
              number, certificates.size() + " certificates (expected: one)");
    } catch (CertificateUnreadableException e) {
      String reason =
          String.valueOf(e.getMessage()).replace(source, "").replaceFirst("^[,: ]+", "");
      return new CertificateOption.Corrupt(
          number, isCutShort(text) ? "it is truncated" : "it is damaged: " + reason);
    }
  }

  /** What is wrong with the text, or nothing. */
  private static String damage(String text) {
    if (text.isBlank()) {
      return "it is empty";
    }
    if (text.contains("PRIVATE KEY-----")) {
      return "it holds a private key (expected: a certificate; keys stay away from recorders)";
    }
    if (text.chars()
        .anyMatch(character -> character > '~' || (character < ' ' && !isWhiteSpace(character)))) {
      return "it was re-encoded: it has characters that PEM does not have";
    }
    if (ESCAPES.matcher(text).find()) {
      return "it was re-encoded: it has escape sequences";
    }
    if (!text.contains("-----BEGIN ")) {
      return "its BEGIN line is missing";
    }
    if (!text.contains("-----END ")) {
      return "it is truncated: its END line is missing";
    }
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      String damage = bodyDamage(block.group(1));
      if (!damage.isEmpty()) {
        return damage;
      }
    }
    return "";
  }

  private static String bodyDamage(String body) {
    boolean hasBreaks = body.startsWith("\n") || body.startsWith("\r\n");
    if (!hasBreaks || !body.endsWith("\n")) {
      return "its line breaks are lost";
    }
    for (String line : body.strip().lines().toList()) {
      if (line.stripTrailing().length() > MAX_LINE) {
        return "its line breaks are lost";
      }
      if (line.stripTrailing().contains(" ")) {
        return "it was re-encoded: it has blanks where '+' or line breaks were";
      }
    }
    return "";
  }

  private static boolean isWhiteSpace(int character) {
    return character == '\n' || character == '\r' || character == '\t';
  }

  /** Whether the certificate's outer SEQUENCE says that it is longer than what is there. */
  private static boolean isCutShort(String text) {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      return false;
    }
    String base64 = block.group(1).replaceAll("[^A-Za-z0-9+/]", "");
    byte[] der = Base64.getDecoder().decode(base64.substring(0, base64.length() / 4 * 4));
    if (der.length < 4) {
      return true;
    }
    boolean isLong = der[0] == 0x30
        && der[1] == (byte) 0x82; // a length of two bytes, as every RSA certificate has
    return isLong && 4 + (((der[2] & 0xFF) << 8) | (der[3] & 0xFF)) > der.length;
  }
}
