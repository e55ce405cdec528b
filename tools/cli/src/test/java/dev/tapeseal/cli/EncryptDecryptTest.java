package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptDecryptTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] MEDIA = Samples.bytes("media/call.mp3");

  @TempDir
  private Path folder;

  private Path encrypted(Object... more) {
    Path recording = folder.resolve("call.p7m");
    Object[] arguments = {"encrypt", "--cert", FIRST.certificatePath(), CALL, "-o", recording};
    Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    assertOk(Run.of(all));
    return recording;
  }

  private static Run assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  @Test
  void recording_passesThroughPipes() {
    byte[] recording = assertOk(
            Run.fed(MEDIA, "encrypt", "--cert", FIRST.certificatePath(), "-", "-o", "-"))
        .output();

    Run played = assertOk(Run.fed(recording, "decrypt", "--key", FIRST.keyPath(), "-", "-o", "-"));

    assertThat(played.output()).isEqualTo(MEDIA);
    assertThat(played.messages()).contains("standard input", "unauthenticated");
  }

  @Test
  void pipe_isVerifiedByTheMacThatIsNamed() {
    Path mac = folder.resolve("tags");
    byte[] recording = assertOk(Run.fed(
            MEDIA, "encrypt", "--cert", FIRST.certificatePath(), "--mac-file", mac, "-", "-o", "-"))
        .output();

    Run played = assertOk(
        Run.fed(recording, "decrypt", "--key", FIRST.keyPath(), "--mac-file", mac, "-", "-o", "-"));

    assertThat(played.output()).isEqualTo(MEDIA);
    assertThat(played.messages()).isEmpty();
  }

  @Test
  void pipeThatIsCutShort_isToldToBeIncomplete() {
    byte[] recording = assertOk(
            Run.fed(MEDIA, "encrypt", "--cert", FIRST.certificatePath(), "-", "-o", "-"))
        .output();

    Run played = Run.fed(
        Arrays.copyOf(recording, recording.length - 20_000),
        "decrypt",
        "--key",
        FIRST.keyPath(),
        "-",
        "-o",
        "-");

    assertThat(played.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(played.messages()).contains("incomplete");
    assertThat(played.output().length).isLessThan(MEDIA.length);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0-99, 0, 100",
    "65530-65545, 65530, 65546",
    "120000-, 120000, 120672",
    "-50, 120622, 120672",
    "0-999999, 0, 120672"
  })
  void range_isThatSliceOfTheMedia(String range, int from, int to) {
    Path recording = encrypted("--mac");

    Run played = assertOk(
        Run.of("decrypt", "--key", FIRST.keyPath(), "--range", range, recording, "-o", "-"));

    assertThat(played.output()).isEqualTo(Arrays.copyOfRange(MEDIA, from, to));
  }

  @Test
  void everyRecipientsKey_opensIt_whetherItsCertificateIsNamedOrNot() {
    Path recording = encrypted("--cert", SECOND.certificatePath());

    for (var identity : new SampleIdentity[] {FIRST, SECOND}) {
      assertThat(assertOk(Run.of("decrypt", "--key", identity.keyPath(), recording, "-o", "-"))
              .output())
          .isEqualTo(MEDIA);
      assertThat(assertOk(Run.of(
                  "decrypt",
                  "--key",
                  identity.keyPath(),
                  "--recip",
                  identity.certificatePath(),
                  recording,
                  "-o",
                  "-"))
              .output())
          .isEqualTo(MEDIA);
    }
  }

  @Test
  void certificateThatWasRenewedOnTheSameKey_opensOldRecordings() {
    assertThat(assertOk(Run.of(
                "decrypt",
                "--key",
                FIRST.keyPath(),
                "--recip",
                SampleCertificates.FIRST_RENEWED.certificatePath(),
                encrypted("--cert", SECOND.certificatePath()),
                "-o",
                "-"))
            .output())
        .isEqualTo(MEDIA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first_key_pkcs1_aes256.pem",
        "first_key_pkcs8_pbkdf2.pem",
        "first_key_pkcs8_scrypt.pem"
      })
  void encryptedKey_isOpenedByThePasswordOfAFile(String key) {
    Path recording = encrypted();

    Run played = assertOk(Run.of(
        "decrypt",
        "--key",
        Samples.path("certificates/" + key),
        "--password-file",
        SampleCertificates.passwordPath(),
        recording,
        "-o",
        "-"));

    assertThat(played.output()).isEqualTo(MEDIA);
  }

  @Test
  void plaintext_isItsOwnersAlone() throws IOException {
    Path played = folder.resolve("call.mp3");

    assertOk(Run.of("decrypt", "--key", FIRST.keyPath(), encrypted(), "-o", played));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(played)))
        .isEqualTo("rw-------");
    assertThat(played).hasBinaryContent(MEDIA);
  }

  @Test
  void openSsl_decryptsIt() throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");

    assertThat(OpenSsl.decrypt(OpenSsl.Command.CMS, encrypted(), FIRST)).isEqualTo(MEDIA);
    assertThat(OpenSsl.decrypt(OpenSsl.Command.SMIME, folder.resolve("call.p7m"), FIRST))
        .isEqualTo(MEDIA);
  }

  @Test
  void reports_areJson() {
    Path recording = folder.resolve("call.p7m");
    Path played = folder.resolve("call.mp3");

    Run encryption = assertOk(Run.of(
        "encrypt", "--json", "--mac", "--cert", FIRST.certificatePath(), CALL, "-o", recording));
    Run decryption =
        assertOk(Run.of("decrypt", "--json", "--key", FIRST.keyPath(), recording, "-o", played));
    Run inspection = assertOk(Run.of("inspect", "--json", recording));

    assertThat(encryption.json().path("plaintextBytes").asInt()).isEqualTo(MEDIA.length);
    assertThat(encryption.json().path("recipients").size()).isEqualTo(1);
    assertThat(decryption.json().path("bytes").asInt()).isEqualTo(MEDIA.length);
    assertThat(decryption.json().path("authenticated").asBoolean()).isTrue();
    assertThat(inspection.json().path("form").asString()).isEqualTo("der");
    assertThat(inspection.json().path("contentCipher").asString()).isEqualTo("AES-256-CBC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encrypt",
        "decrypt",
        "inspect",
        "record",
        "recordings",
        "recordings list",
        "recordings show",
        "keystore",
        "keystore import",
        "keystore list",
        "keystore retire",
        "keystore delete",
        "keystore orphans",
        "keystore backup",
        "keystore backup verify",
        "keystore restore",
        "demo"
      })
  void everyVerb_hasHelp(String verb) {
    Run help = assertOk(Run.of((Object[]) (verb + " --help").split(" ")));

    assertThat(help.text()).contains("Usage: tapeseal " + verb);
  }
}
