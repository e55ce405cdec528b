package dev.tapeseal.profile;

import static dev.tapeseal.profile.SampleProfiles.FIRST;
import static dev.tapeseal.profile.SampleProfiles.NOW;
import static dev.tapeseal.profile.SampleProfiles.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.CertificatePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenCertificatesTest {
  @TempDir
  private Path data;

  @Test
  void assigned_areThoseThatScreensAreEncryptedUnder() throws IOException {
    ScreenCertificates screen = ScreenCertificates.open(data);
    assertThat(screen.read().certificates()).isEmpty();
    assertThat(screen.read().select(CertificatePolicy.forRecording(), NOW).certificates())
        .isEmpty();

    screen.assign(FIRST);
    screen.assign(SECOND);

    CertificateSelection selection =
        ScreenCertificates.open(data).read().select(CertificatePolicy.forRecording(), NOW);
    assertThat(selection.certificates()).containsExactly(FIRST, SECOND);
    assertThat(selection.alarms()).isEmpty();
    assertThat(selection.warnings()).hasSize(2).allMatch(line -> line.contains(": chain: "));
    assertThat(screen.remove(FIRST).certificates()).containsExactly(SECOND);
    assertThatThrownBy(() -> screen.remove(FIRST)).isInstanceOf(ProfileException.NotFound.class);
    assertThatThrownBy(() -> screen.assign(SECOND)).isInstanceOf(ProfileException.Conflict.class);
  }

  @Test
  void fileLooksLikeAProfile_andCorruptOptionsAreNamed() throws IOException {
    Path file = Files.writeString(data.resolve("screen-certificates.json"), """
        {"sections":{"recording-certificates":{"certificates-1":%s,"certificates-2":"-----BEGIN"}},"kept":true}
        """.formatted(
            SampleProfiles.quoted(SampleProfiles.pem(FIRST))));
    ScreenCertificates screen = ScreenCertificates.open(data);

    assertThatThrownBy(() -> screen.read().certificates())
        .isInstanceOf(ProfileException.CorruptCertificate.class)
        .hasMessageStartingWith(file + ": certificates-2 is corrupt: ");
    assertThat(screen.remove("certificates-2").certificates()).containsExactly(FIRST);
    assertThat(file).content().contains("\"kept\" : true");
  }

  @Test
  void nearestLocationThatHasAny_servesANode_andFallsAwayWithItsLast() throws IOException {
    ScreenCertificates screen = ScreenCertificates.open(data);
    screen.assign(FIRST);
    screen.at(new Location("/US")).assign(SECOND);

    assertThat(screen.locations()).containsExactly(Location.ROOT, new Location("/US"));
    assertThat(screen.forNode(new Location("/US/AK")).read().certificates())
        .containsExactly(SECOND);
    assertThat(screen.forNode(new Location("/USA")).read().certificates()).containsExactly(FIRST);
    assertThat(screen.at(new Location("/US/AK")).read().options()).isEmpty();
    assertThat(screen.anywhere(SECOND)).isTrue();
    assertThatThrownBy(() -> screen.remove(SECOND)).isInstanceOf(ProfileException.NotFound.class);
    assertThatThrownBy(() -> screen.at(new Location("/EU")).remove("certificates-1"))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageContaining("location /EU");

    screen.at(new Location("/US/")).remove(SECOND);

    assertThat(screen.forNode(new Location("/US/AK")).read().certificates()).containsExactly(FIRST);
    assertThat(screen.anywhere(SECOND)).isFalse();
    assertThat(data.resolve("screen-certificates.json")).content().doesNotContain("US");
  }

  @Test
  void locationsThatCannotBeUnderstood_areNamed() throws IOException {
    for (String locations :
        new String[] {"[]", "{\"US\":{}}", "{\"/US\":1}", "{\"/\":{}}", "{\"/US\":{},\"/US/\":{}}"
        }) {
      Files.writeString(
          data.resolve("screen-certificates.json"), "{\"locations\":" + locations + "}");

      assertThatThrownBy(() -> ScreenCertificates.open(data).read())
          .as(locations)
          .isInstanceOf(ProfileException.Invalid.class);
    }
  }

  @Test
  void removingFromNothing_makesNoFile() {
    ScreenCertificates screen = ScreenCertificates.open(data);

    assertThatThrownBy(() -> screen.remove(FIRST)).isInstanceOf(ProfileException.NotFound.class);
    assertThat(data.resolve("screen-certificates.json")).doesNotExist();
  }
}
