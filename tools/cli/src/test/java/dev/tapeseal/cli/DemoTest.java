package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DemoTest {
  @TempDir
  private Path folder;

  @Test
  void everyStep_isOk_andLeavesWhatItShows() {
    Path made = folder.resolve("demo");

    Run run = Run.of("demo", "--json", "--dir", made);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    JsonNode report = run.json();
    assertThat(report.path("ok").asBoolean()).isTrue();
    assertThat(report.path("folder").asString()).isEqualTo(made.toString());
    assertThat(report.path("steps").size()).isGreaterThanOrEqualTo(9);
    report
        .path("steps")
        .forEach(step -> assertThat(step.path("outcome").asString()).isIn("OK", "LEFT_OUT"));
    assertThat(made.resolve("played/screen.mp4"))
        .hasSameBinaryContentAs(made.resolve("media/screen.mp4"));
    assertThat(made.resolve("played/damaged.mp3")).doesNotExist();
    assertThat(made.resolve("played/mixed.mp4")).doesNotExist();
    assertThat(run.text())
        .contains("1 muxed")
        .contains("is plain: no screen recording certificate encrypted it");
  }

  @Test
  void yourOwnCertificate_isCheckedAgainstYourCa_andUsed() {
    Path made = folder.resolve("mine");
    Object[] mine = {
      "demo",
      "--json",
      "--dir",
      made,
      "--cert",
      SampleCertificates.FIRST.certificatePath(),
      "--key",
      SampleCertificates.FIRST.keyPath(),
      "--ca",
      Samples.path("certificates/ca.pem")
    };

    Run run = Run.of(mine);

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.text()).contains("signed by CN=Recording CA");
    assertThat(made.resolve("certificates")).doesNotExist();
  }

  @Test
  void aCaThatDidNotSign_endsTheDemo() {
    Run run = Run.of(
        "demo",
        "--json",
        "--dir",
        folder.resolve("demo"),
        "--ca",
        Samples.path("certificates/ca.pem"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(run.text()).contains("exit code 5");
    assertThat(Run.of("demo", "--cert", "cert.pem").exitCode()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void folderThatHoldsSomething_isLeftAlone() throws Exception {
    Files.writeString(folder.resolve("mine.txt"), "mine");

    Run run = Run.of("demo", "--dir", folder);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(run.messages()).contains(folder.toString(), "exists already");
    assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("mine.txt"));
  }
}
