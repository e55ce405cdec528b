package dev.tapeseal.profile;

import static dev.tapeseal.profile.SampleProfiles.FIRST;
import static dev.tapeseal.profile.SampleProfiles.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateTextTest {
  private static final String PEM = SampleProfiles.pem(FIRST);
  private static final String SOURCE = "recording.json: certificates-3";

  static Stream<Arguments> intactTexts() {
    return Stream.of(
        Arguments.of("as it was deployed", PEM),
        Arguments.of("without the last line break", PEM.stripTrailing()),
        Arguments.of("with CRLF", PEM.replace("\n", "\r\n")),
        Arguments.of("with blank lines around", "\n\n" + PEM + "\n"),
        Arguments.of("after OpenSSL's text", sample("certificates/first_text.pem")),
        Arguments.of("after remarks that are no ASCII", "Größe: 100%0A &amp; mehr\n" + PEM));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("intactTexts")
  void certificate_isRead(String name, String text) {
    assertThat(CertificateText.read(3, text, SOURCE))
        .isEqualTo(new CertificateOption.Intact(3, FIRST));
  }

  static Stream<Arguments> corruptTexts() {
    String oneLine = PEM.replaceAll("(?<=[A-Za-z0-9+/])\n(?=[A-Za-z0-9+/=])", "");
    return Stream.of(
        Arguments.of("all line breaks lost", PEM.replace("\n", ""), "its line breaks are lost"),
        Arguments.of(
            "line breaks became blanks", PEM.replace('\n', ' '), "its line breaks are lost"),
        Arguments.of(
            "line breaks became tabs", PEM.replace('\n', '\t'), "its line breaks are lost"),
        Arguments.of("the inner line breaks lost", oneLine, "its line breaks are lost"),
        Arguments.of("line breaks became backslash n", PEM.replace("\n", "\\n"), "re-encoded"),
        Arguments.of("as a form", PEM.replace("\n", "%0A").replace("+", "%2B"), "re-encoded"),
        Arguments.of(
            "plus became blank", PEM.replace('+', ' '), "blanks where '+' or line breaks were"),
        Arguments.of("as XML", PEM.replace("\n", "&#10;"), "re-encoded"),
        Arguments.of(
            "as quoted-printable", PEM.replace("=", "=3D").replace("IB", "=3D"), "re-encoded"),
        Arguments.of("typographic dashes", PEM.replace("-----", "—–—"), "re-encoded"),
        Arguments.of(
            "UTF-16",
            new String(PEM.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1),
            "re-encoded"),
        Arguments.of("empty", "", "it is empty"),
        Arguments.of("blank", " \n", "it is empty"),
        Arguments.of("without END", PEM.substring(0, PEM.indexOf("-----END")), "truncated"),
        Arguments.of("cut in the middle", PEM.substring(0, PEM.length() / 2), "truncated"),
        Arguments.of(
            "without BEGIN", PEM.substring(PEM.indexOf('\n') + 1), "its BEGIN line is missing"),
        Arguments.of("the last line missing", withoutBodyLine(-1), "truncated"),
        Arguments.of("a line missing", withoutBodyLine(3), "truncated"),
        Arguments.of("another word", "certificate", "its BEGIN line is missing"),
        Arguments.of(
            "two certificates", PEM + SampleProfiles.pem(SECOND), "2 certificates (expected: one)"),
        Arguments.of("a request", sample("certificates/first_public.pem"), "a PUBLIC KEY"),
        Arguments.of(
            "a private key", sample("certificates/first_key.pem"), "it holds a private key"),
        Arguments.of(
            "a certificate and its key",
            PEM + sample("certificates/first_key.pem"),
            "a private key"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corruptTexts")
  void damage_isToldByItsKind(String name, String text, String damage) {
    CertificateOption option = CertificateText.read(3, text, SOURCE);

    assertThat(option).isInstanceOf(CertificateOption.Corrupt.class);
    assertThat(((CertificateOption.Corrupt) option).damage())
        .contains(damage)
        .doesNotContain(SOURCE);
    assertThat(option.name()).isEqualTo("certificates-3");
  }

  @Test
  void everyTruncation_isFound() {
    for (int length = 0; length < PEM.stripTrailing().length(); length++) {
      CertificateOption option = CertificateText.read(1, PEM.substring(0, length), SOURCE);

      assertThat(option).as("%s characters", length).isInstanceOf(CertificateOption.Corrupt.class);
    }
  }

  @Test
  void everyLengthOfDer_thatIsCut_isCalledTruncated() {
    byte[] der = FIRST.encoded();
    for (int length : new int[] {0, 1, 3, 4, 5, 100, der.length - 2, der.length - 1}) {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(Arrays.copyOf(der, length));
      String text = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";

      CertificateOption option = CertificateText.read(1, text, SOURCE);

      assertThat(option)
          .as("%s bytes", length)
          .isEqualTo(new CertificateOption.Corrupt(1, "it is truncated"));
    }
  }

  private static String withoutBodyLine(int index) {
    String[] lines = PEM.split("\n", -1);
    int dropped = index < 0 ? lines.length - 2 + index : index;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      text.append(i == dropped ? "" : lines[i] + "\n");
    }
    return text.toString();
  }

  private static String sample(String name) {
    assertThat(SampleCertificates.FIRST.certificatePath()).exists();
    return new String(Samples.bytes(name), StandardCharsets.UTF_8);
  }
}
