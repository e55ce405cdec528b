package dev.tapeseal.keystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PrivateKeyWriterTest {
  private static final String PASSWORD = "robots need öil";

  @TempDir
  Path folder;

  @ParameterizedTest(name = "{0}, encrypted {1}")
  @CsvSource({
    "PKCS8, false, BEGIN PRIVATE KEY",
    "PKCS8, true, BEGIN ENCRYPTED PRIVATE KEY",
    "PKCS1, false, BEGIN RSA PRIVATE KEY",
    "PKCS1, true, 'DEK-Info: AES-256-CBC,'"
  })
  void everyShape_isReadByUsAndByOpenssl(KeyFormat format, boolean encrypted, String mark)
      throws Exception {
    Path file = folder.resolve("key.pem");
    try (KeyPassword password = KeyPassword.of(PASSWORD.toCharArray())) {
      Files.write(
          file,
          PrivateKeyWriter.toPem(
              SampleCertificates.FIRST.privateKey(),
              format,
              encrypted ? password : null,
              new SecureRandom()));
      assertThat(Files.readString(file)).contains(mark).endsWith("PRIVATE KEY-----\n");

      try (RecordingKey key = RecordingKey.read(file, encrypted ? password : null)) {
        assertThat(
                key.matches(RecordingCertificate.read(SampleCertificates.FIRST.certificatePath())))
            .isTrue();
      }
    }
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    String said = new String(
        OpenSsl.run(
            "rsa", "-check", "-noout", "-passin", "pass:" + PASSWORD, "-in", file.toString()),
        StandardCharsets.UTF_8);
    assertThat(said).contains("RSA key ok");
  }

  @ParameterizedTest
  @EnumSource
  void encryptedKeys_areNeverTwiceTheSame_andOpenUnderTheirPasswordAlone(KeyFormat format)
      throws Exception {
    try (KeyPassword password = KeyPassword.of(PASSWORD.toCharArray());
        KeyPassword wrong = KeyPassword.of("humans need oil".toCharArray())) {
      byte[] first = pem(format, password);
      byte[] second = pem(format, password);

      assertThat(Arrays.equals(first, second)).isFalse();
      assertThatThrownBy(() -> RecordingKey.parse(first, "key.pem", wrong))
          .isInstanceOf(PrivateKeyException.PasswordWrong.class);
      assertThatThrownBy(() -> RecordingKey.parse(first, "key.pem", null))
          .isInstanceOf(PrivateKeyException.PasswordMissing.class);
    }
  }

  private static byte[] pem(KeyFormat format, KeyPassword password) {
    return PrivateKeyWriter.toPem(
        SampleCertificates.FIRST.privateKey(), format, password, new SecureRandom());
  }
}
