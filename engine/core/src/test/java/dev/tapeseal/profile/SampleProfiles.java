package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Certificates and profile files for the tests of this package. */
final class SampleProfiles {
  static final ProfileName RECORDING = new ProfileName("recording");
  static final RecordingCertificate FIRST = certificate(SampleCertificates.FIRST);
  static final RecordingCertificate SECOND = certificate(SampleCertificates.SECOND);
  static final RecordingCertificate EXPIRED = certificate(SampleCertificates.EXPIRED);

  /** The sample certificates are valid at it. */
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private SampleProfiles() {}

  static RecordingCertificate certificate(SampleIdentity identity) {
    try {
      return RecordingCertificate.of(identity.certificate());
    } catch (dev.tapeseal.certificate.CertificateUnreadableException e) {
      throw new IllegalStateException("samples can be read", e);
    }
  }

  static String pem(RecordingCertificate certificate) {
    return new String(certificate.toPem(), StandardCharsets.US_ASCII);
  }

  /** A JSON string. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean isPlain =
          character >= ' ' && character <= '~' && character != '"' && character != '\\';
      json.append(isPlain ? String.valueOf(character) : "\\u%04x".formatted((int) character));
    }
    return json.append('"').toString();
  }

  static Path write(Path dataFolder, ProfileName name, String json) throws IOException {
    Path folder = Files.createDirectories(dataFolder.resolve("profiles"));
    return Files.writeString(folder.resolve(name + ".json"), json);
  }

  static Path writeOptions(Path dataFolder, ProfileName name, String section, String options)
      throws IOException {
    return write(dataFolder, name, "{\"sections\":{\"" + section + "\":{" + options + "}}}");
  }
}
