package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CertVerifyTest {
  private static final String AT = "2027-06-01T00:00:00Z";

  @TempDir
  private Path folder;

  @ParameterizedTest(name = "{0} under {1}: exit code {2}, {3} {4}")
  @CsvSource({
    "first, ca, 0, chain, passed",
    "first, , 0, chain, warning",
    "chained, ca_bundle, 0, chain, passed",
    "chained, ca, 5, chain, refused",
    "self_signed, self_signed, 0, chain, passed",
    "rsa1024, ca, 5, key-size, refused",
    "ec, ca, 5, key-algorithm, refused",
    "expired, ca, 5, validity, refused",
    "not_yet_valid, ca, 5, validity, refused",
    "signing_only, ca, 5, key-usage, refused",
    "ca, ca, 5, key-usage, refused",
  })
  void everyCheck_isPrintedWithItsVerdict(
      String name, String ca, int exitCode, String check, String verdict) {
    List<Object> arguments = new ArrayList<>(List.of("cert", "verify", "--json", "--at", AT));
    if (ca != null) {
      arguments.addAll(List.of("--ca", sample(ca)));
    }
    arguments.add(sample(name));

    Run run = Run.of(arguments.toArray());

    assertThat(run.exitCode()).as(run.text()).isEqualTo(exitCode);
    JsonNode report = run.json();
    assertThat(report.get("accepted").asBoolean()).isEqualTo(exitCode == 0);
    assertThat(verdicts(report)).containsEntry(check, verdict).hasSizeGreaterThanOrEqualTo(17);
  }

  @Test
  void people_readALineACheck_andTheGuidesRecommendation() {
    Run run = Run.of("cert", "verify", "--at", AT, "--ca", sample("ca_bundle"), sample("chained"));

    assertThat(run.text())
        .contains(
            "  passed       key-size ", "signed through 2 intermediates", "accepted, as of " + AT)
        .contains("note: ", "a single CA that signs recording certificates itself");
    assertThat(run.messages()).isEmpty();
  }

  @Test
  void aWrongOrder_isRefused_withThePosition() {
    Run run = Run.of("cert", "verify", "--ca", sample("ca_bundle_wrong_order"), sample("chained"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(run.messages()).contains("ca_bundle_wrong_order.pem, certificate 2: ");
  }

  @Test
  void inputsThatAreMissingOrWrong_haveTheirExitCodes() {
    assertThat(Run.of("cert", "verify", folder.resolve("none.pem")).exitCode()).isEqualTo(4);
    assertThat(Run.of("cert", "verify", "--ca", folder.resolve("none.pem"), sample("first"))
            .exitCode())
        .isEqualTo(4);
    assertThat(Run.of("cert", "verify", sample("first_key")).exitCode()).isEqualTo(5);
    assertThat(Run.of("cert", "verify", "--at", "yesterday", sample("first")).exitCode())
        .isEqualTo(2);
    assertThat(Run.of("cert", "verify", "--crl", sample("ca"), sample("first")).exitCode())
        .isEqualTo(2);
    assertThat(Run.of("cert", "verify", "--ca", sample("ca"), "--policy", "x", sample("first"))
            .exitCode())
        .isEqualTo(2);
    assertThat(Run.of("cert", "verify", "--warn-days", "-1", sample("first")).exitCode())
        .isEqualTo(2);
    assertThat(Run.of("cert").exitCode()).isEqualTo(2);
  }

  @Test
  void encrypt_refusesWhatTheCaDidNotSign_andWarnsOfWhatItCannotCheck() throws Exception {
    Path in = Files.writeString(folder.resolve("in.txt"), "spoken");
    Path out = folder.resolve("out.p7");

    Run refused =
        Run.of("encrypt", "--cert", sample("first"), "--ca", sample("self_signed"), in, "-o", out);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(refused.messages()).contains("chain: no issuer for");
    assertThat(out).doesNotExist();

    Run unchecked = Run.of("encrypt", "--cert", sample("first"), in, "-o", out);
    assertThat(unchecked.exitCode()).isZero();
    assertThat(unchecked.messages()).contains("tapeseal: warning: ", "chain: not checked");

    Run checked = Run.of(
        "encrypt", "--cert", sample("first"), "--ca", sample("ca"), in, "-o", out, "--force");
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.messages()).isEmpty();
  }

  @Test
  void anEndThatIsNear_isAWarning() throws Exception {
    Path in = Files.writeString(folder.resolve("in.txt"), "spoken");

    Run run = Run.of(
        "encrypt",
        "--cert",
        sample("first"),
        "--ca",
        sample("ca"),
        "--warn-days",
        "36500",
        in,
        "-o",
        folder.resolve("out.p7"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.messages()).contains("validity: expires at 2074-01-01T00:00:00Z");
  }

  @Test
  void certificatesBesideIt_areComparedWithIt() {
    Run run = Run.of(
        "cert", "verify", "--json", "--at", AT, "--beside", sample("second"), sample("first"));

    assertThat(verdicts(run.json()))
        .containsEntry("shared-factor", "passed")
        .containsEntry("issuer-and-serial", "passed");
    assertThat(verdicts(Run.of("cert", "verify", "--json", sample("first")).json()))
        .containsEntry("shared-factor", "not checked");
  }

  private static Map<String, String> verdicts(JsonNode report) {
    Map<String, String> verdicts = new HashMap<>();
    for (JsonNode check : report.get("checks")) {
      verdicts.put(check.get("check").asString(), check.get("verdict").asString());
    }
    return verdicts;
  }

  private static Path sample(String name) {
    return Samples.path("certificates/" + name + ".pem");
  }
}
