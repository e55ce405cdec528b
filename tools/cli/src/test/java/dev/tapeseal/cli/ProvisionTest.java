package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.CA;
import static dev.tapeseal.samples.SampleCertificates.CHAINED;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.RSA_1024;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static dev.tapeseal.samples.SampleCertificates.SELF_SIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The verbs profile and screen-certificate, and record with what they provision. */
class ProvisionTest {
  private static final Path CALL = Samples.path("media/call.wav");
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  /** Runs a verb with the data folder. */
  private Run run(Object... arguments) {
    return Run.of(
        Stream.concat(Stream.of(arguments), Stream.of("--data", data())).toArray());
  }

  private Run ok(Object... arguments) {
    Run run = run(arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private static void refused(Run run, String... reasons) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(run.messages()).contains(reasons);
  }

  private JsonNode media(Run recorded, int which) {
    return recorded.json().get("recordings").get(which).get("mediaFiles").get(0);
  }

  @Test
  void deployedCertificates_areListedAsAnAdministratorKnowsThem() {
    assertThat(ok("profile", "create", "recording").text())
        .contains("recording", "No certificates");
    ok("profile", "create", "other");
    ok("profile", "deploy", "recording", FIRST.certificatePath());
    ok("profile", "deploy", "other", FIRST.certificatePath());

    Run deployed = ok("profile", "deploy", "recording", SECOND.certificatePath());

    assertThat(deployed.text().lines().map(String::strip).toList())
        .containsExactly(
            "Option            Issued To                                 Issued By"
                + "                     Expires     Deployed Count",
            "certificates-1    Interaction Recording (Email not set)     Recording CA"
                + "                  2074-01-01  2",
            "certificates-2    Interaction Recording (Email not set)     Recording CA"
                + "                  2074-01-01  1");
    assertThat(deployed.messages()).contains("warning", "chain");
    JsonNode shown = ok("profile", "show", "recording", "--json").json();
    assertThat(shown.get("certificates").get(0).get("deployedCount").asInt()).isEqualTo(2);
    assertThat(shown.get("certificates").get(0).get("issuedTo").asString())
        .isEqualTo("Interaction Recording (Email not set)");
    assertThat(ok("profile", "list").text()).contains("NAME", "other", "recording");

    assertThat(ok("profile", "withdraw", "recording", FIRST.certificatePath()).text())
        .contains("certificates-2")
        .doesNotContain("certificates-1");
    assertThat(ok("profile", "withdraw", "recording", "certificates-2").text())
        .contains("No certificates");
  }

  @Test
  void allCertificates_areListedOnce_withWhereTheyAreDeployed() throws IOException {
    ok("profile", "create", "recording");
    assertThat(ok("cert", "list").text()).isEqualTo("No items\n");
    ok("profile", "create", "other");
    ok("profile", "deploy", "recording", FIRST.certificatePath());
    ok("profile", "deploy", "other", FIRST.certificatePath());
    ok("screen-certificate", "assign", FIRST.certificatePath());
    ok("screen-certificate", "assign", SELF_SIGNED.certificatePath());

    List<String> lines = ok("cert", "list").text().lines().toList();

    assertThat(lines.get(0)).matches("Issued To +Issued By +Expires +Deployed Count +Deployed To");
    assertThat(lines.subList(1, 3).stream().map(line -> line.replaceAll(" {2,}", "|")))
        .contains(
            "Interaction Recording (Email not set)|Recording CA|2074-01-01|2|other, recording, screen recording")
        .anyMatch(line -> line.endsWith("|0|screen recording"));
    JsonNode listed = ok("cert", "list", "--json").json().get("certificates");
    assertThat(listed).hasSize(2);
    assertThat(listed.findValuesAsString("issuedBy")).contains("Recording CA");

    Files.writeString(data().resolve("profiles/broken.json"), "{");
    Run incomplete = run("cert", "list");
    assertThat(incomplete.exitCode()).isEqualTo(ExitCode.SOME_FAILED.number());
    assertThat(incomplete.messages()).contains("broken.json");
    assertThat(incomplete.text()).contains("other, recording, screen recording");
  }

  @Test
  void screenCertificates_areAssignedListedAndRemoved() {
    assertThat(ok("screen-certificate", "assign", FIRST.certificatePath()).text())
        .contains("Issued To", "Issued By", "Expires", "Deployed Count");
    assertThat(ok("screen-certificate", "list", "--json").json().get("certificates"))
        .hasSize(1);
    Run again = run("screen-certificate", "assign", FIRST.certificatePath());
    assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(again.messages()).contains("has this certificate already, as certificates-1");

    ok("screen-certificate", "remove", FIRST.certificatePath());

    assertThat(ok("screen-certificate", "list").text()).isEqualTo("No items\n");
    assertThat(run("screen-certificate", "remove", "certificates-1").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND.number());
  }

  @Test
  void certificateThatDoesNotPass_isRefused_withEveryReason_andNotDeployed() {
    ok("profile", "create", "recording");
    for (SampleIdentity identity : List.of(EXPIRED, RSA_1024, CA)) {
      refused(run("profile", "deploy", "recording", identity.certificatePath()), "refused: ");
      refused(run("screen-certificate", "assign", identity.certificatePath()), "refused: ");
    }

    Run run = run("profile", "deploy", "recording", RSA_1024.certificatePath(), "--json");

    refused(run, "key-size: RSA modulus: 1024 bits");
    assertThat(run.json().get("deployed").asBoolean()).isFalse();
    List<String> outcomes = new ArrayList<>();
    run.json()
        .get("verdicts")
        .forEach(verdict -> outcomes.add(
            verdict.get("rule").asString() + " " + verdict.get("outcome").asString()));
    assertThat(outcomes).contains("key-algorithm passed", "key-size refused");
    assertThat(ok("profile", "show", "recording").text()).contains("No certificates");
    assertThat(ok("screen-certificate", "list").text()).isEqualTo("No items\n");
  }

  @Test
  void chainIsChecked_whenTheCertificateIsDeployed_againstTheProfilesCaFile() {
    Path bundle = Samples.path(SampleCertificates.CA_BUNDLE);
    ok("profile", "create", "recording", "--ca-file", bundle);

    Run passed = ok("profile", "deploy", "recording", CHAINED.certificatePath());
    assertThat(passed.messages()).doesNotContain("chain: not checked");
    refused(run("profile", "deploy", "recording", SELF_SIGNED.certificatePath()), "chain: ");
    assertThat(ok("profile", "show", "recording", "--json").json().get("certificates"))
        .hasSize(1);
  }

  @Test
  void chainIsChecked_againstThePlatformsCaFile_whereTheProfileHasNone() throws IOException {
    ok("profile", "create", "recording");
    Files.write(data().resolve("ca.pem"), Files.readAllBytes(CA.certificatePath()));
    Files.writeString(data().resolve("mcp.cfg"), "[mpc]\nmediamgr.CA_file=ca.pem\n");

    ok("profile", "deploy", "recording", FIRST.certificatePath());
    refused(run("profile", "deploy", "recording", SELF_SIGNED.certificatePath()), "chain: ");

    Files.delete(data().resolve("ca.pem"));
    refused(
        run("profile", "deploy", "recording", SECOND.certificatePath()),
        "[mpc] mediamgr.CA_file",
        "does not exist");
    refused(run("record", "--call", CALL), "[mpc] mediamgr.CA_file", "does not exist");
    assertThat(data().resolve("recordings")).doesNotExist();
  }

  @Test
  void certificateThatRcsDoesNotTrust_isRefused_whereverItIsPut() throws IOException {
    ok("profile", "create", "recording");
    Files.write(data().resolve("rcs-ca.pem"), Files.readAllBytes(CA.certificatePath()));
    Files.writeString(data().resolve("rcs.properties"), "cacertstorepath=rcs-ca.pem\n");

    for (String verb : List.of("profile deploy recording", "screen-certificate assign")) {
      List<Object> words = new ArrayList<>(List.of(verb.split(" ", -1)));
      words.add(SELF_SIGNED.certificatePath());
      refused(run(words.toArray()), "chain: ");
      words.set(words.size() - 1, FIRST.certificatePath());
      assertThat(ok(words.toArray()).messages()).doesNotContain("chain");
    }
  }

  @Test
  void screen_isNotRecorded_underACertificateThatRcsDoesNotTrustNow() throws IOException {
    ok("profile", "create", "recording");
    ok("screen-certificate", "assign", SELF_SIGNED.certificatePath());
    Files.write(data().resolve("rcs-ca.pem"), Files.readAllBytes(CA.certificatePath()));
    Files.writeString(data().resolve("rcs.properties"), "cacertstorepath=rcs-ca.pem\n");

    refused(run("record", "--screen", SCREEN), "certificates-1", "chain: ");
    ok("record", "--call", CALL); // which has a CA file of its own, or none

    ok("screen-certificate", "remove", SELF_SIGNED.certificatePath());
    ok("screen-certificate", "assign", FIRST.certificatePath());
    ok("record", "--screen", SCREEN);
  }

  @Test
  void record_usesWhatIsProvisioned() throws IOException {
    ok(
        "profile",
        "create",
        "recording",
        "--mime-type",
        "audio/mp3",
        "--file-name-template",
        "{call-uuid}_{ani}_{connection-id}_{sip-server-application-name}_{id}");
    ok("profile", "deploy", "recording", FIRST.certificatePath());
    ok("profile", "deploy", "recording", SECOND.certificatePath());
    ok("screen-certificate", "assign", SECOND.certificatePath());

    Run recorded = ok(
        "record",
        "--call",
        CALL,
        "--screen",
        SCREEN,
        "--caller",
        "8522001",
        "--connection",
        "c-1",
        "--sip-server",
        "SIPS",
        "--json");

    JsonNode call = media(recorded, 0);
    JsonNode screen = media(recorded, 1);
    assertThat(recorded.messages()).doesNotContain("muxer");
    assertThat(call.get("type").asString()).isEqualTo("audio/mp3");
    assertThat(call.get("ivrprofile").asString()).isEqualTo("recording");
    assertThat(call.get("mediaId").asString())
        .startsWith(recorded.json().get("callUUID").asString().replace('_', '-'))
        .contains("_8522001_c-1_SIPS_")
        .endsWith(".mp3");
    assertThat(call.get("tapeseal").get("recipients")).hasSize(2);
    assertThat(screen.get("tapeseal").get("recipients")).hasSize(1);
    Path stored = data()
        .resolve("recordings")
        .resolve(call.get("mediaDescriptor").get("path").asString());
    for (SampleIdentity reader : List.of(FIRST, SECOND)) {
      Run played = Run.of("decrypt", "--key", reader.keyPath(), stored, "-o", "-");
      assertThat(played.exitCode()).as(played.toString()).isZero();
      assertThat(played.output()[0]).isEqualTo((byte) 0xFF); // an MP3 frame's first byte
    }
  }

  @Test
  void record_picksTheProfileAsMcpDoes_orTakesTheOneThatIsNamed() {
    ok("profile", "create", "record");
    ok("profile", "create", "us", "--geo-location", "US");
    ok("profile", "create", "uk", "--geo-location", "UK");

    assertThat(profileOf()).isEqualTo("record");
    assertThat(profileOf("--geo-location", "US")).isEqualTo("us");
    assertThat(profileOf("--geo-location", "Mars")).isEqualTo("record");
    assertThat(profileOf("--profile", "uk")).isEqualTo("uk");
    Run absent = run("record", "--call", CALL, "--profile", "fr");
    assertThat(absent.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(absent.messages()).contains("no IVR profile 'fr'");
  }

  private String profileOf(Object... selection) {
    Object[] arguments = Stream.concat(
            Stream.of("record", "--call", CALL, "--json"), Stream.of(selection))
        .toArray();
    return media(ok(arguments), 0).get("ivrprofile").asString();
  }

  @Test
  void lenientProfile_recordsWithAnAlarm_strictOneRefuses() throws IOException {
    ok("profile", "create", "recording");
    ok("profile", "deploy", "recording", FIRST.certificatePath());
    putOption("certificates-2", Files.readString(EXPIRED.certificatePath()));

    refused(run("record", "--call", CALL), "nothing may be recorded", "certificates-2", "expired");
    assertThat(data().resolve("recordings")).doesNotExist();

    ok("profile", "set", "recording", "--when-certificates-fail", "record-with-those-that-pass");
    Run recorded = ok("record", "--call", CALL, "--json");
    assertThat(recorded.messages()).contains("tapeseal: alarm: call ", "certificates-2", "expired");
    assertThat(media(recorded, 0).get("tapeseal").get("recipients")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "line breaks lost,its line breaks are lost",
    "truncated,it is truncated",
    "re-encoded,it was re-encoded",
  })
  void corruptOption_isNamedWithItsCure_whereverItIsMet(String what, String damage)
      throws IOException {
    ok("profile", "create", "recording");
    String pem = Files.readString(FIRST.certificatePath());
    putOption(
        "certificates-1",
        switch (what) {
          case "truncated" -> pem.substring(0, pem.length() / 2);
          case "re-encoded" -> pem.replace("\n", "\\n");
          default -> pem.replace("\n", " ");
        });

    Run shown = ok("profile", "show", "recording");
    Run deployed = ok("profile", "deploy", "recording", SECOND.certificatePath());
    Run recorded = run("record", "--call", CALL);

    assertThat(shown.text()).contains("certificates-1", "corrupt: " + damage);
    assertThat(shown.messages())
        .contains(
            "certificates-1 is corrupt: " + damage, "remove the certificate and add it again");
    assertThat(deployed.text()).contains("corrupt: " + damage, "certificates-2");
    refused(recorded, "certificates-1 is corrupt: " + damage, "add it again");
    assertThat(ok("profile", "list").text()).contains("CORRUPT");
    ok("profile", "withdraw", "recording", "certificates-1");
    ok("record", "--call", CALL);
  }

  /** Puts a certificate where an editor would, without asking any policy. */
  private void putOption(String option, String pem) throws IOException {
    Path file = data().resolve("profiles/recording.json");
    String quoted = "\"" + pem.replace("\\", "\\\\").replace("\n", "\\n") + "\"";
    String json = Files.readString(file);
    String section = "\"recording-certificates\" : {";
    Files.writeString(
        file,
        json.contains(section)
            ? json.replace(section, section + "\"" + option + "\":" + quoted + ",")
            : json.replaceFirst(
                "\"sections\" : \\{ ?",
                java.util.regex.Matcher.quoteReplacement(
                    "\"sections\":{\"recording-certificates\":{\"" + option + "\":" + quoted
                        + "}")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--mime-type,audio/ogg,audio/wav or audio/mp3",
    "--file-name-template,{ani},'{id}'",
    "--when-certificates-fail,shrug,refuse or record-with-those-that-pass",
    "--storage-destination,http://user:secret@host/,without user and password",
  })
  void valueThatDoesNotFit_makesNoProfile(String option, String value, String expected) {
    Run run = run("profile", "create", "recording", option, value);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(run.messages()).contains(expected.replace("'", "")).doesNotContain("secret");
    assertThat(data().resolve("profiles/recording.json")).doesNotExist();
  }

  @Test
  void profileThatExists_isNotReplaced_andNamesAreChecked() {
    ok("profile", "create", "recording");

    assertThat(run("profile", "create", "recording").exitCode())
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(run("profile", "create", "../evil").exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("profile", "show", "nobody").exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(run("profile", "deploy", "recording", "no.pem").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(run("profile", "set", "recording").exitCode()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void credentials_comeFromFiles_andAreNeverShown() throws IOException {
    Path file = Files.writeString(folder.resolve("credential"), "ops:hunter2\n");

    Run created = ok("profile", "create", "recording", "--storage-authorization-file", file);

    assertThat(created.text()).contains("(hidden)").doesNotContain("hunter2");
    assertThat(data().resolve("profiles/recording.json")).content().contains("ops:hunter2");
    assertThat(ok("profile", "show", "recording", "--json").text()).doesNotContain("hunter2");
  }

  @Test
  void unreadableProfile_isNamed_andDoesNotHideTheOthers() throws IOException {
    ok("profile", "create", "recording");
    Files.writeString(data().resolve("profiles/broken.json"), "{");

    Run listed = run("profile", "list");

    assertThat(listed.exitCode()).isEqualTo(ExitCode.SOME_FAILED.number());
    assertThat(listed.messages()).contains("broken.json");
    assertThat(listed.text()).contains("recording");
  }

  @Test
  void pairThatCouldNotBeMuxed_isWarnedOf() {
    ok("profile", "create", "recording");
    ok("profile", "deploy", "recording", FIRST.certificatePath());

    Run recorded = ok("record", "--call", CALL, "--screen", SCREEN);

    assertThat(recorded.messages()).contains("muxer", "assign a screen recording certificate");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "record --call CALL",
        "record --call CALL --store S --profile x",
        "record --call CALL --cert CERT",
        "record --call CALL --profile x --geo-location y",
        "profile list",
        "profile",
        "screen-certificate",
      })
  void contradictions_areUsageErrors(String command) {
    Object[] arguments = Stream.of(command.split(" ", -1))
        .map(word -> switch (word) {
          case "CALL" -> CALL;
          case "CERT" -> FIRST.certificatePath();
          case "S" -> folder.resolve("store");
          default -> word;
        })
        .toArray();

    Run run = Run.of(arguments);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void dataFolderThatIsNotThere_isNotFound_andNotMade() {
    for (String verb : List.of("profile list", "screen-certificate list")) {
      assertThat(run((Object[]) verb.split(" ", -1)).exitCode())
          .isEqualTo(ExitCode.NOT_FOUND.number());
    }
    assertThat(run("record", "--screen", SCREEN).exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(data()).doesNotExist();
  }
}
