package dev.tapeseal.profile;

import static dev.tapeseal.profile.SampleProfiles.EXPIRED;
import static dev.tapeseal.profile.SampleProfiles.FIRST;
import static dev.tapeseal.profile.SampleProfiles.NOW;
import static dev.tapeseal.profile.SampleProfiles.RECORDING;
import static dev.tapeseal.profile.SampleProfiles.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.TestCertificate;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.settings.DataFolder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningTest {
  private static final RecordingCertificate CHAINED =
      SampleProfiles.certificate(SampleCertificates.CHAINED);
  private static final RecordingCertificate SELF_SIGNED =
      SampleProfiles.certificate(SampleCertificates.SELF_SIGNED);
  private static final String SERVICE_PARAMETERS = "gvp.service-parameters";
  private static final String CA_FILE = "recordingclient.gvp.config.mpc.mediamgr.CA_file";

  @TempDir
  private Path data;

  @SuppressWarnings("NullAway.Init") // makeProfile sets it
  private Profiles profiles;

  @BeforeEach
  void makeProfile() throws IOException {
    profiles = Profiles.open(data);
    profiles.create(RECORDING);
  }

  private Provisioning provisioning() throws IOException {
    return Provisioning.open(DataFolder.open(data, Map.of()));
  }

  private CertificateSelection select() throws IOException {
    return provisioning().forCall(Optional.empty(), NOW).certificates();
  }

  private Path caFile(String name) throws IOException {
    Path bundle = Samples.path(SampleCertificates.CA_BUNDLE);
    return Files.copy(bundle, data.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void platformCaFile(String value) throws IOException {
    Files.writeString(data.resolve("mcp.cfg"), "[mpc]\nmediamgr.CA_file = " + value + "\n");
  }

  @Test
  void withoutAnyCaFile_theChainIsNotChecked_andThatIsAWarning() throws IOException {
    profiles.deploy(RECORDING, CHAINED);
    profiles.deploy(RECORDING, SELF_SIGNED);

    CertificateSelection selection = select();

    assertThat(selection.certificates()).containsExactly(CHAINED, SELF_SIGNED);
    assertThat(selection.alarms()).isEmpty();
    assertThat(selection.warnings()).anyMatch(warning -> warning.contains(": chain: "));
  }

  @Test
  void platformsCaFile_isWhatChainsMustEndAt() throws IOException {
    caFile("ca.pem");
    platformCaFile("ca.pem");
    profiles.deploy(RECORDING, CHAINED);
    assertThat(select().certificates()).containsExactly(CHAINED);
    assertThat(select().warnings()).noneMatch(warning -> warning.contains(": chain: "));

    profiles.deploy(RECORDING, SELF_SIGNED);

    assertThatThrownBy(this::select)
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("certificates-2")
        .hasMessageContaining("chain: ");
  }

  @Test
  void profilesOwnCaFile_winsOverThePlatforms() throws IOException {
    caFile("ca.pem");
    platformCaFile("ca.pem");
    Path own = Files.write(data.resolve("own.pem"), SELF_SIGNED.toPem());
    profiles.set(RECORDING, SERVICE_PARAMETERS, CA_FILE, "fixed," + own);
    profiles.deploy(RECORDING, SELF_SIGNED);
    assertThat(select().certificates()).containsExactly(SELF_SIGNED);

    profiles.deploy(RECORDING, CHAINED);

    assertThatThrownBy(this::select)
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("certificates-2");
  }

  @Test
  void otherCaFileUnderTheSameName_countsFromTheNextCallOn() throws IOException {
    Path own = Files.write(data.resolve("own.pem"), SELF_SIGNED.toPem());
    profiles.set(RECORDING, SERVICE_PARAMETERS, CA_FILE, "fixed,own.pem");
    profiles.deploy(RECORDING, CHAINED);
    Provisioning running = provisioning();
    assertThatThrownBy(() -> running.forCall(RECORDING, NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class);

    caFile(own.getFileName().toString());

    assertThat(running.forCall(RECORDING, NOW).certificates().certificates())
        .containsExactly(CHAINED);
  }

  @Test
  void platformsOption_countsFromTheNextStartOn() throws IOException {
    profiles.deploy(RECORDING, SELF_SIGNED);
    Provisioning running = provisioning();
    caFile("ca.pem");
    platformCaFile("ca.pem");

    assertThat(running.forCall(RECORDING, NOW).certificates().certificates())
        .containsExactly(SELF_SIGNED);
    assertThatThrownBy(this::select).isInstanceOf(ProfileException.CertificatesRefused.class);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"missing", "no PEM", "a directory", "wrong order"})
  void caFileThatCannotServe_refusesEveryRecording_evenUnderALenientProfile(String what)
      throws IOException {
    Path own = data.resolve("own.pem");
    switch (what) {
      case "no PEM" -> Files.writeString(own, "trust me");
      case "a directory" -> Files.createDirectory(own);
      case "wrong order" -> {
        Files.write(own, SampleProfiles.certificate(SampleCertificates.CA).toPem());
        Files.write(
            own,
            SampleProfiles.certificate(SampleCertificates.INTERMEDIATE_2).toPem(),
            java.nio.file.StandardOpenOption.APPEND);
      }
      default -> assertThat(own).doesNotExist();
    }
    profiles.set(RECORDING, SERVICE_PARAMETERS, CA_FILE, "fixed,own.pem");
    profiles.set(
        RECORDING, "tapeseal.recording", "when-certificates-fail", "record-with-those-that-pass");
    profiles.deploy(RECORDING, CHAINED);

    assertThatThrownBy(this::select)
        .isInstanceOf(ProfileException.CaFileUnusable.class)
        .hasMessageContaining("IVR profile recording, option " + CA_FILE)
        .hasMessageContaining("own.pem");
  }

  @Test
  void lenientProfile_leavesOutWhatDoesNotPass_withAnAlarmForEach() throws IOException {
    profiles.set(
        RECORDING, "tapeseal.recording", "when-certificates-fail", "record-with-those-that-pass");
    profiles.deploy(RECORDING, EXPIRED);
    profiles.deploy(RECORDING, FIRST);

    CertificateSelection selection = select();

    assertThat(selection.certificates()).containsExactly(FIRST);
    assertThat(selection.alarms()).singleElement().asString().contains("certificates-1", "expired");
  }

  @Test
  void screens_areUnderTheirOwnCertificates_whateverCaFilesCallsHave() throws IOException {
    caFile("ca.pem");
    platformCaFile("ca.pem");
    ScreenCertificates.open(data).assign(SELF_SIGNED);
    profiles.deploy(RECORDING, FIRST);

    assertThat(provisioning().forScreen(NOW).certificates()).containsExactly(SELF_SIGNED);

    ScreenCertificates.open(data).assign(EXPIRED);
    Provisioning provisioning = provisioning();
    assertThatThrownBy(() -> provisioning.forScreen(NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("expired");
  }

  @Test
  void screensChains_areCheckedAgainstWhatRcsTrusts_wheneverOneIsRecorded() throws Exception {
    ScreenCertificates.open(data).assign(CHAINED);
    CaBundle trusted = CaBundle.read(caFile("trusted.pem"));
    Provisioning provisioning =
        Provisioning.open(DataFolder.open(data, Map.of()), Optional.of(trusted));
    assertThat(provisioning().forScreen(NOW).warnings()).anyMatch(it -> it.contains(": chain: "));
    assertThat(provisioning.forScreen(NOW).certificates()).containsExactly(CHAINED);
    assertThat(provisioning.forScreen(NOW).warnings()).noneMatch(it -> it.contains(": chain: "));

    ScreenCertificates.open(data).assign(SELF_SIGNED); // by somebody who does not ask RCS

    assertThatThrownBy(() -> provisioning.forScreen(NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("certificates-2")
        .hasMessageContaining("chain: ");
  }

  @Test
  void certificatesOfAProfile_areJudgedBesideEachOther_wheneverOneRecords() throws Exception {
    profiles.deploy(RECORDING, sharingAPrime(1));
    Provisioning running = provisioning();
    assertThat(running.forCall(RECORDING, NOW).certificates().certificates()).hasSize(1);

    profiles.deploy(RECORDING, sharingAPrime(2)); // by somebody who does not ask

    assertThatThrownBy(() -> running.forCall(RECORDING, NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("shared-factor")
        .hasMessageContaining("both private keys can be computed");
    ScreenCertificates.open(data).assign(sharingAPrime(1));
    ScreenCertificates.open(data).assign(sharingAPrime(2));
    assertThatThrownBy(() -> running.forScreen(NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("shared-factor");
  }

  @Test
  void otherKeyUnderTheSameIssuerAndSerialNumber_isRefused_whenRecording() throws Exception {
    for (int i = 0; i < 2; i++) {
      profiles.deploy(
          RECORDING,
          TestCertificate.of(TestCertificate.rsa(2048))
              .valid(NOW.minusSeconds(1), NOW.plusSeconds(1))
              .build());
    }

    assertThatThrownBy(this::select)
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("issuer-and-serial");
  }

  private static final Random RANDOM = new Random(20_261_124);
  private static final BigInteger PRIME = BigInteger.probablePrime(1024, RANDOM);

  private static RecordingCertificate sharingAPrime(int serialNumber) throws Exception {
    BigInteger modulus = BigInteger.ZERO;
    while (modulus.bitLength() != 2048) {
      modulus = PRIME.multiply(BigInteger.probablePrime(1024, RANDOM));
    }
    return TestCertificate.of(TestCertificate.rsaKey(modulus, 65_537))
        .signedBy(new X500Name("CN=Test CA"), TestCertificate.rsa(2048))
        .serialNumber(BigInteger.valueOf(serialNumber))
        .valid(NOW.minusSeconds(1), NOW.plusSeconds(1))
        .build();
  }

  @Test
  void certificateThatEndsSoon_isWarnedOf_asEarlyAsTheSettingSays() throws IOException {
    profiles.deploy(RECORDING, FIRST);
    Provisioning usual = provisioning();
    Files.writeString(data.resolve("rcs.properties"), "certificate.expiry-warning=400d\n");
    Provisioning early = provisioning();
    var lastYear = FIRST.notAfter().minus(java.time.Duration.ofDays(399));

    assertThat(usual.forCall(RECORDING, lastYear).certificates().warnings())
        .noneMatch(warning -> warning.contains("validity"));
    assertThat(early.forCall(RECORDING, lastYear).certificates().warnings())
        .anyMatch(warning -> warning.contains("validity"));
  }

  @Test
  void known_areAllThatAreDeployedOrAssigned() throws IOException {
    profiles.deploy(RECORDING, FIRST);
    profiles.create(new ProfileName("other"));
    profiles.deploy(new ProfileName("other"), FIRST);
    ScreenCertificates.open(data).assign(SECOND);

    assertThat(provisioning().known()).containsExactly(FIRST, SECOND);
  }
}
