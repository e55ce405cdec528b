package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.CA;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static dev.tapeseal.samples.SampleCertificates.SELF_SIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.ScreenCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb check: every finding, and none where all is well. */
class CheckTest {
  private static final ProfileName RECORDING = new ProfileName("recording");
  private static final Path CALL = Samples.path("media/call.mp3");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path data;

  @SuppressWarnings("NullAway.Init") // makePassword sets it
  private Path password;

  @BeforeEach
  void makePassword() throws Exception {
    password = Files.writeString(data.resolve("password"), "over the rainbow\n");
    Profiles.open(data).create(RECORDING);
  }

  private static RecordingCertificate certificate(SampleIdentity identity) throws Exception {
    return RecordingCertificate.read(identity.certificatePath());
  }

  private void deploy(SampleIdentity identity) throws Exception {
    Profiles.open(data).deploy(RECORDING, certificate(identity));
  }

  private void assign(SampleIdentity identity) throws Exception {
    ScreenCertificates.open(data).assign(certificate(identity));
  }

  private void importKey(SampleIdentity identity) {
    Run run = Run.of(
        "keystore",
        "import",
        "--keystore",
        data.resolve("keystore.p12"),
        "--keystore-password-file",
        password,
        "--alias",
        identity.name(),
        "--key",
        identity.keyPath(),
        "--cert",
        identity.certificatePath());
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  private Run run(Object... more) {
    return Run.of(Stream.concat(
            Stream.of("check", "--data", data, "--keystore-password-file", password),
            Stream.of(more))
        .toArray());
  }

  /** The names of the checks that found something. */
  private List<String> found() {
    Run run = run("--json");
    List<String> checks = new ArrayList<>();
    run.json()
        .get("findings")
        .forEach(finding -> checks.add(finding.get("check").asString()));
    assertThat(run.exitCode())
        .as(run.toString())
        .isEqualTo(checks.isEmpty() ? 0 : ExitCode.CHECK_FAILED.number());
    return checks;
  }

  @Test
  void folderWhereAllIsWell_hasNoFindings() throws Exception {
    deploy(FIRST);
    assign(SECOND);

    assertThat(found()).isEmpty();
    assertThat(run().text()).isEmpty();
    assertThat(run().messages()).contains("nothing found", "chain"); // the chain is a note
  }

  @Test
  void callsWithoutScreens_andScreensWithoutCalls_couldNotBeMuxed() throws Exception {
    deploy(FIRST);
    assertThat(found()).containsExactly("unmuxable-pairs");
    assertThat(run().text()).contains("IVR profile recording", "screen-certificate assign");

    Profiles.open(data).withdraw(RECORDING, certificate(FIRST));
    assign(FIRST);
    assertThat(found()).containsExactly("unmuxable-pairs");
    assertThat(run().text()).contains("profile deploy");

    Profiles.open(data).set(RECORDING, "gvp.general", "service-type", "voicexml");
    assertThat(found()).isEmpty(); // calls are not recorded under it
  }

  @Test
  void certificates_thatEndSoonOrDoNotPass_areNamed() throws Exception {
    deploy(FIRST);
    deploy(EXPIRED);
    assign(FIRST);
    Files.writeString(data.resolve("rcs.properties"), "certificate.expiry-warning=3650d\n");
    assertThat(found()).containsExactly("certificate-refused");
    assertThat(run().text()).contains("certificates-2", "expired");

    Profiles.open(data).withdraw(RECORDING, certificate(EXPIRED));
    assertThat(found()).isEmpty();
  }

  @Test
  void certificateThatEndsSoon_isFound_byTheClock() throws Exception {
    deploy(FIRST);
    assign(FIRST);
    var provisioning = dev.tapeseal.profile.Provisioning.open(
        dev.tapeseal.settings.DataFolder.open(data, java.util.Map.of()));
    var end = certificate(FIRST).notAfter();

    for (int days : new int[] {29, 31}) {
      var check = new ProvisioningCheck(provisioning, end.minus(java.time.Duration.ofDays(days)));
      check.run();
      assertThat(check.findings().stream().map(Finding::check))
          .as("%s days before", days)
          .hasSize(days < 30 ? 2 : 0)
          .allMatch("expires-soon"::equals);
    }
  }

  @Test
  void corruptOptions_andFilesThatCannotBeRead_areNamed_withTheCure() throws Exception {
    deploy(FIRST);
    assign(FIRST);
    Path profile = data.resolve("profiles/recording.json");
    String json = Files.readString(profile);
    Files.writeString(profile, json.replaceAll("(?<=[A-Za-z0-9+/=])\\\\n", " "));
    Files.writeString(data.resolve("profiles/broken.json"), "[]");

    assertThat(found()).containsExactly("profile-unreadable", "corrupt-certificate");
    assertThat(run().text())
        .contains("certificates-1 is corrupt", "remove the certificate and add it again")
        .contains("broken.json");
  }

  @Test
  void caFile_thatIsGone_orThatACertificateDoesNotComeFrom_isFound() throws Exception {
    deploy(SELF_SIGNED);
    assign(FIRST);
    Files.write(data.resolve("ca.pem"), Files.readAllBytes(CA.certificatePath()));
    Files.writeString(data.resolve("mcp.cfg"), "[mpc]\nmediamgr.CA_file=ca.pem\n");
    assertThat(found()).containsExactly("certificate-refused");

    Files.delete(data.resolve("ca.pem"));
    assertThat(found()).containsExactly("ca-file");
  }

  @Test
  void authoritiesOfRcs_thatCannotBeRead_orThatAScreensCertificateDoesNotComeFrom_areFound()
      throws Exception {
    deploy(FIRST);
    assign(SELF_SIGNED);
    Path authorities =
        Files.write(data.resolve("rcs-ca.pem"), Files.readAllBytes(CA.certificatePath()));
    Files.writeString(data.resolve("rcs.properties"), "cacertstorepath=rcs-ca.pem\n");
    assertThat(found()).containsExactly("certificate-refused");

    Files.writeString(authorities, "trust me");
    assertThat(found()).containsExactly("ca-store");
    assertThat(run().text()).contains("cacertstorepath", "rcs-ca.pem: not PEM");

    Files.delete(authorities);
    assertThat(found()).containsExactly("ca-store");
  }

  @Test
  void keyThatIsNotItsCertificates_isFound_andListed() throws Exception {
    deploy(FIRST);
    assign(FIRST);
    char[] secret = "over the rainbow".toCharArray();
    KeyStore swapped = KeyStore.getInstance("PKCS12");
    swapped.load(null, null);
    swapped.setKeyEntry(
        "swapped", SECOND.privateKey(), secret, new Certificate[] {FIRST.certificate()});
    try (OutputStream out = Files.newOutputStream(data.resolve("keystore.p12"))) {
      swapped.store(out, secret);
    }

    assertThat(found()).containsExactly("key-mismatch", "certificate-without-key");
    Run list = Run.of(
        "keystore",
        "list",
        "--keystore",
        data.resolve("keystore.p12"),
        "--keystore-password-file",
        password);
    assertThat(list.messages()).contains("'swapped' opens no recordings: its private key");
  }

  @Test
  void recordingsThatNoKeyOpens_areCounted() throws Exception {
    deploy(FIRST);
    assign(FIRST);
    assertThat(Run.of("record", "--data", data, "--call", CALL).exitCode()).isZero();
    assertThat(found()).containsExactly("recordings-without-key");
    assertThat(run().text()).contains("1 recordings are encrypted, and there is no key store");

    importKey(SECOND);
    assertThat(found()).contains("certificate-without-key", "recordings-without-key");
    assertThat(run().text()).contains("keystore import");

    importKey(FIRST);
    assertThat(found()).doesNotContain("certificate-without-key", "recordings-without-key");
  }

  @Test
  void backup_thatIsMissing_orOlderThanTheNewestKey_isFound() {
    importKey(FIRST);
    assertThat(found()).containsExactly("backup-missing");
    assertThat(run().text()).contains("first", "keystore backup");

    backUp();
    assertThat(found()).isEmpty();

    importKey(SECOND);
    assertThat(found()).containsExactly("backup-outdated");
    assertThat(run().text()).contains("second").doesNotContain("first");

    backUp();
    assertThat(found()).isEmpty();
  }

  private void backUp() {
    Run run = Run.of(
        "keystore",
        "backup",
        "--force",
        "-o",
        data.resolve("backup.zip"),
        "--backup-password-file",
        password,
        "--keystore",
        data.resolve("keystore.p12"),
        "--keystore-password-file",
        password);
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  @Test
  void keyStoreWithoutAPassword_isAskedFor_andNotPassedOver() {
    importKey(FIRST);

    Run run = Run.of("check", "--data", data);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).contains("missing password", "--keystore-password-file");
  }

  @Test
  void folderThatIsNotThere_isNotFound() {
    assertThat(Run.of("check", "--data", data.resolve("absent")).exitCode())
        .isEqualTo(ExitCode.NOT_FOUND.number());
  }
}
