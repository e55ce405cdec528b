package dev.tapeseal.rcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.rcs.RunningRcs.Reply;
import dev.tapeseal.rcs.RunningRcs.Session;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.Tenant;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What administrators do with certificates over HTTP, and what they are kept from. */
class CertificateResourcesTest {
  private static final String CERTIFICATES = "/rcs/certificates";

  @TempDir
  private Path folder;

  private RunningRcs rcs;

  @BeforeEach
  void start() throws Exception {
    rcs = RunningRcs.in(folder);
  }

  @AfterEach
  void stop() throws Exception {
    rcs.close();
  }

  private static UploadBody of(SampleIdentity identity) throws Exception {
    return new UploadBody()
        .file("certificate", identity.certificatePath())
        .file("key", identity.keyPath());
  }

  private Reply upload(UploadBody body) throws Exception {
    return rcs.send(body.asForm(rcs.as("admin", CERTIFICATES)));
  }

  private String uploaded(SampleIdentity identity) throws Exception {
    Reply reply = upload(of(identity));
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return reply.json().path("alias").asString();
  }

  private Reply put(String path) throws Exception {
    return rcs.send(rcs.as("admin", path).PUT(HttpRequest.BodyPublishers.noBody()));
  }

  private Reply delete(String path) throws Exception {
    return rcs.send(rcs.as("admin", path).DELETE());
  }

  private static List<String> texts(JsonNode array, String member) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> element.path(member).asString())
        .toList();
  }

  private Recording record(SampleIdentity identity) throws Exception {
    RecordingCertificate certificate = RecordingCertificate.read(identity.certificatePath());
    try (CallSession call = Recorder.into(rcs.store)
        .startCall(
            Interaction.anonymous(new SecureRandom()),
            List.of(certificate),
            AudioFormat.muLaw(8000, 1))) {
      call.write(ByteBuffer.wrap(new byte[1600]));
      return call.stop();
    }
  }

  @Test
  void uploadedCertificate_isListedInTheDocumentedColumns_andOpensItsRecordings() throws Exception {
    String alias = uploaded(SampleCertificates.FIRST);

    Reply list = rcs.get("player", CERTIFICATES);

    JsonNode row = list.json().at("/certificates/0");
    assertThat(row.path("alias").asString()).isEqualTo(alias);
    assertThat(row.path("issuedTo").asString()).endsWith("(Email not set)");
    assertThat(row.path("issuedBy").asString()).isNotEmpty();
    assertThat(row.path("expires").asString()).matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}");
    assertThat(row.path("deployedCount").asInt()).isZero();
    assertThat(row.path("state").asString()).isEqualTo("active");
    assertThat(rcs.keys.find(alias)).isPresent();
    JsonNode shown = rcs.get("player", CERTIFICATES + "/" + alias).json();
    assertThat(shown.path("certificate").asString())
        .isEqualToNormalizingNewlines(Files.readString(SampleCertificates.FIRST.certificatePath()));
    assertThat(shown.path("keyDetails").asString()).isEqualTo("RSA, 2048 bits");
    assertThat(shown.path("screenRecording").asBoolean()).isFalse();
  }

  @Test
  void uploadAsJson_doesTheSame_andAnEncryptedKeyTakesItsPassword() throws Exception {
    String password = Files.readAllLines(SampleCertificates.passwordPath()).get(0);
    UploadBody body = new UploadBody()
        .file("certificate", SampleCertificates.FIRST.certificatePath())
        .file("key", Samples.path("certificates/first_key_pkcs8_pbkdf2.pem"))
        .text("alias", "Calls-2026");

    Reply without = rcs.send(body.asJson(rcs.as("admin", CERTIFICATES)));
    Reply wrong =
        rcs.send(body.text("password", "s3cret-guess").asJson(rcs.as("admin", CERTIFICATES)));
    Reply right = rcs.send(body.text("password", password).asJson(rcs.as("admin", CERTIFICATES)));

    assertThat(without.status() + " " + without.code()).isEqualTo("422 password-missing");
    assertThat(wrong.status() + " " + wrong.code()).isEqualTo("422 password-wrong");
    assertThat(wrong.text()).doesNotContain("s3cret-guess");
    assertThat(right.status()).as(right.text()).isEqualTo(201);
    assertThat(right.whole().headers().firstValue("Location"))
        .contains(CERTIFICATES + "/calls-2026");
    assertThat(String.join("\n", rcs.auditLog()))
        .contains("certificate-uploaded")
        .contains("calls-2026")
        .doesNotContain(password)
        .doesNotContain("PRIVATE KEY");
  }

  @Test
  void preview_fillsTheDocumentedFields_ofEachFileAlone_andStoresNothing() throws Exception {
    UploadBody certificate =
        new UploadBody().file("certificate", SampleCertificates.FIRST.certificatePath());
    UploadBody key = new UploadBody().file("key", SampleCertificates.FIRST.keyPath());

    JsonNode ofCertificate = preview(certificate);
    JsonNode ofKey = preview(key);
    JsonNode ofBoth = preview(of(SampleCertificates.FIRST));

    assertThat(ofCertificate.path("subjectName").asString()).isNotEmpty();
    assertThat(ofCertificate.path("serialNumber").asString()).matches("[0-9a-f]+");
    assertThat(ofCertificate.path("subjectDn").asString()).contains("O=Monster & Sons\\, Inc.");
    assertThat(ofCertificate.path("issuerDn").asString()).startsWith("CN=");
    assertThat(texts(ofCertificate.path("verdicts"), "rule"))
        .contains("key-size", "roca", "validity", "chain");
    assertThat(ofKey.path("keyDetails").asString()).isEqualTo("RSA, 2048 bits");
    assertThat(ofKey.has("verdicts")).isFalse();
    assertThat(ofBoth.path("accepted").asBoolean()).isTrue();
    assertThat(ofBoth.path("problems")).isEmpty();
    assertThat(rcs.keys.entries()).isEmpty();
    assertThat(rcs.auditLog()).isEmpty();
  }

  @Test
  void preview_saysWhatCannotBeRead_andWhatDoesNotBelongTogether() throws Exception {
    JsonNode mismatch = preview(new UploadBody()
        .file("certificate", SampleCertificates.FIRST.certificatePath())
        .file("key", SampleCertificates.SECOND.keyPath()));
    JsonNode swapped = preview(new UploadBody()
        .file("certificate", SampleCertificates.FIRST.keyPath())
        .file("key", SampleCertificates.FIRST.certificatePath()));
    JsonNode expired = preview(of(SampleCertificates.EXPIRED));

    assertThat(texts(mismatch.path("problems"), "code")).containsExactly("key-mismatch");
    assertThat(mismatch.path("accepted").asBoolean()).isFalse();
    assertThat(texts(swapped.path("problems"), "code"))
        .containsExactly("certificate-unreadable", "key-unusable");
    assertThat(expired.path("accepted").asBoolean()).isFalse();
    assertThat(texts(expired.path("verdicts"), "outcome")).contains("refused", "passed");
  }

  private JsonNode preview(UploadBody body) throws Exception {
    Reply reply = rcs.send(body.asForm(rcs.as("admin", CERTIFICATES + "/preview")));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void refusedCertificate_isAnsweredWithEveryVerdict_andStoresNothing() throws Exception {
    for (SampleIdentity identity : List.of(
        SampleCertificates.EXPIRED,
        SampleCertificates.NOT_YET_VALID,
        SampleCertificates.RSA_1024,
        SampleCertificates.SIGNING_ONLY)) {
      Reply reply = upload(of(identity));

      assertThat(reply.status() + " " + reply.code())
          .as(identity.name())
          .isEqualTo("422 certificate-refused");
      assertThat(texts(reply.json().path("verdicts"), "outcome")).contains("refused", "passed");
    }
    assertThat(rcs.keys.entries()).isEmpty();
  }

  @Test
  void expiredCertificate_isTakenForPlaybackOnly_andNeverDeployed() throws Exception {
    rcs.provisioning.profiles().create(new ProfileName("record"));

    Reply reply = upload(of(SampleCertificates.EXPIRED).text("playbackOnly", "true"));

    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    assertThat(reply.json().path("state").asString()).isEqualTo("retired");
    String alias = reply.json().path("alias").asString();
    assertThat(put("/rcs/profiles/record/certificates/" + alias).code()).isEqualTo("retired");
  }

  @Test
  void certificate_mustComeFromAnAuthorityThatIsTrusted_whereThereAreAny() throws Exception {
    CaBundle trusted = CaBundle.read(SampleCertificates.CA.certificatePath());
    try (RunningRcs strict =
        RunningRcs.trusting(trusted, Files.createDirectory(folder.resolve("strict")))) {
      Reply own =
          strict.send(of(SampleCertificates.SELF_SIGNED).asForm(strict.as("admin", CERTIFICATES)));
      Reply signed =
          strict.send(of(SampleCertificates.FIRST).asForm(strict.as("admin", CERTIFICATES)));

      assertThat(own.status()).isEqualTo(422);
      assertThat(own.text()).contains("\"rule\":\"chain\",\"outcome\":\"refused\"");
      assertThat(signed.status()).as(signed.text()).isEqualTo(201);
    }
  }

  @Test
  void keyOfAnotherCertificate_andWhatIsThereAlready_areRefused() throws Exception {
    assertThat(upload(new UploadBody()
                .file("certificate", SampleCertificates.FIRST.certificatePath())
                .file("key", SampleCertificates.SECOND.keyPath()))
            .code())
        .isEqualTo("key-mismatch");
    String alias = uploaded(SampleCertificates.FIRST);

    assertThat(upload(of(SampleCertificates.FIRST)).status()).isEqualTo(409);
    assertThat(upload(of(SampleCertificates.SECOND).text("alias", alias)).status())
        .isEqualTo(409);
    assertThat(upload(of(SampleCertificates.SECOND).text("alias", "../x")).code())
        .isEqualTo("alias-invalid");
    assertThat(upload(new UploadBody().text("certificate", "none")).code())
        .isEqualTo("certificate-unreadable");
    assertThat(upload(new UploadBody().text("other", "x")).code()).isEqualTo("part-missing");
    assertThat(upload(new UploadBody().text("certificate", "x".repeat(300_000))).status())
        .isEqualTo(413);
  }

  @Test
  void renewedCertificateOfTheSameName_getsAnAliasOfItsOwn() throws Exception {
    assertThat(List.of(
            uploaded(SampleCertificates.FIRST),
            uploaded(SampleCertificates.SECOND),
            uploaded(SampleCertificates.FIRST_RENEWED)))
        .doesNotHaveDuplicates();
  }

  @Test
  void deployedCertificate_isCounted_shown_andWithdrawn() throws Exception {
    rcs.provisioning.profiles().create(new ProfileName("record"));
    String alias = uploaded(SampleCertificates.FIRST);

    Reply deployed = put("/rcs/profiles/record/certificates/" + alias);

    assertThat(deployed.status()).as(deployed.text()).isEqualTo(200);
    assertThat(deployed.json().at("/certificates/0/option").asString()).isEqualTo("certificates-1");
    assertThat(rcs.get("player", CERTIFICATES)
            .json()
            .at("/certificates/0/deployedCount")
            .asInt())
        .isEqualTo(1);
    assertThat(rcs.get("player", CERTIFICATES + "/" + alias)
            .json()
            .at("/deployedTo/0")
            .asString())
        .isEqualTo("record");
    assertThat(put("/rcs/profiles/record/certificates/" + alias).status()).isEqualTo(409);
    assertThat(put("/rcs/profiles/none/certificates/" + alias).status()).isEqualTo(404);
    assertThat(delete(CERTIFICATES + "/" + alias).code()).isEqualTo("deployed");
    assertThat(delete("/rcs/profiles/record/certificates/" + alias).json().at("/certificates"))
        .isEmpty();
    assertThat(delete("/rcs/profiles/record/certificates/" + alias).status()).isEqualTo(404);
    assertThat(rcs.get("admin", "/rcs/profiles").json().at("/profiles/0").asString())
        .isEqualTo("record");
  }

  @Test
  void corruptOption_isShown_andRemovedByItsName() throws Exception {
    rcs.provisioning.profiles().create(new ProfileName("record"));
    String alias = uploaded(SampleCertificates.FIRST);
    put("/rcs/profiles/record/certificates/" + alias);
    Path file = folder.resolve("profiles/record.json");
    Files.writeString(file, Files.readString(file).replace("MII", "MI"));

    assertThat(rcs.get("admin", "/rcs/profiles/record/certificates")
            .json()
            .at("/certificates/0/corrupt")
            .asString())
        .isNotEmpty();
    assertThat(delete("/rcs/profiles/record/options/certificates-1").json().at("/certificates"))
        .isEmpty();
  }

  @Test
  void screenRecordingCertificate_isAssignedAndRemoved() throws Exception {
    String alias = uploaded(SampleCertificates.FIRST);
    String path = "/rcs/screen-recording/certificates/" + alias;

    assertThat(put(path).json().at("/certificates/0/alias").asString()).isEqualTo(alias);
    assertThat(rcs.provisioning.screenCertificates().read().options()).hasSize(1);
    assertThat(rcs.get("player", CERTIFICATES + "/" + alias)
            .json()
            .path("screenRecording")
            .asBoolean())
        .isTrue();
    assertThat(delete(CERTIFICATES + "/" + alias).code()).isEqualTo("deployed");
    assertThat(delete(path).json().at("/certificates")).isEmpty();
    assertThat(String.join("\n", rcs.auditLog()))
        .contains("certificate-assigned")
        .contains("certificate-removed");
  }

  @Test
  void keyThatRecordingsNeed_isDeletedOnlyWhereThatIsAccepted() throws Exception {
    String alias = uploaded(SampleCertificates.FIRST);
    assertThat(record(SampleCertificates.FIRST).mediaFiles()).hasSize(1);

    assertThat(rcs.get("admin", CERTIFICATES + "/" + alias + "/impact")
            .json()
            .path("unreadable")
            .asInt())
        .isEqualTo(1);
    Reply refused = delete(CERTIFICATES + "/" + alias);
    assertThat(refused.status() + " " + refused.code())
        .isEqualTo("409 recordings-become-unreadable");
    assertThat(refused.json().at("/impact/examples")).hasSize(1);
    assertThat(rcs.keys.find(alias)).isPresent();

    Reply deleted = delete(CERTIFICATES + "/" + alias + "?recordingsBecomeUnreadable=true");

    assertThat(deleted.status()).isEqualTo(200);
    assertThat(rcs.keys.find(alias)).isEmpty();
    assertThat(rcs.auditLog().get(rcs.auditLog().size() - 1)).contains("certificate-deleted");
    assertThat(delete(CERTIFICATES + "/" + alias).status()).isEqualTo(404);
  }

  @Test
  void session_seesTheCertificatesOfItsLogin_andItsOwnChanges() throws Exception {
    Session first = rcs.login("admin");
    Session second = rcs.login("admin");

    Reply added = rcs.send(of(SampleCertificates.FIRST).asForm(rcs.in(first, CERTIFICATES)));
    String alias = added.json().path("alias").asString();

    assertThat(rcs.send(rcs.in(first, CERTIFICATES)).json().path("certificates"))
        .hasSize(1);
    assertThat(rcs.send(rcs.in(second, CERTIFICATES)).json().path("certificates"))
        .isEmpty();
    assertThat(rcs.send(rcs.in(second, CERTIFICATES + "/" + alias)).status()).isEqualTo(404);
    assertThat(rcs.send(of(SampleCertificates.FIRST).asForm(rcs.in(second, CERTIFICATES)))
            .status())
        .as("uploaded again by who does not see it")
        .isEqualTo(409);
    Session third = rcs.login("admin");
    assertThat(rcs.send(rcs.in(third, CERTIFICATES)).json().path("certificates"))
        .hasSize(1);

    assertThat(rcs.send(rcs.in(first, CERTIFICATES + "/" + alias).DELETE()).status())
        .isEqualTo(200);

    assertThat(rcs.send(rcs.in(first, CERTIFICATES)).json().path("certificates"))
        .isEmpty();
    assertThat(rcs.send(rcs.in(third, CERTIFICATES)).json().path("certificates"))
        .hasSize(1);
    assertThat(rcs.send(rcs.in(third, CERTIFICATES + "/" + alias).DELETE()).code())
        .isEqualTo("changed");
    rcs.restart();
    Reply afterRestart = rcs.send(rcs.in(first, CERTIFICATES));
    assertThat(afterRestart.status()).isEqualTo(401);
    assertThat(afterRestart.json().at("/error/message").asString())
        .isEqualTo("RCS is not available");
  }

  @Test
  void changes_needThePrivilegeAndTheSessionsToken_andListsAnyOfTheTwo() throws Exception {
    String alias = uploaded(SampleCertificates.FIRST);
    Session admin = rcs.login("admin");
    Session stranger = new Session(admin.cookie(), "wrong");

    assertThat(rcs.get("player", CERTIFICATES).status()).isEqualTo(200);
    assertThat(rcs.get("admin", CERTIFICATES).status()).isEqualTo(200);
    assertThat(rcs.send(of(SampleCertificates.SECOND).asForm(rcs.as("player", CERTIFICATES)))
            .status())
        .isEqualTo(403);
    assertThat(rcs.send(rcs.as("player", CERTIFICATES + "/" + alias).DELETE()).status())
        .isEqualTo(403);
    assertThat(rcs.get("player", "/rcs/profiles").status()).isEqualTo(403);
    assertThat(rcs.get("player", "/rcs/screen-recording/certificates").status()).isEqualTo(403);
    assertThat(rcs.send(of(SampleCertificates.SECOND).asForm(rcs.in(stranger, CERTIFICATES)))
            .code())
        .isEqualTo("csrf-token-missing");
    assertThat(rcs.send(rcs.in(stranger, CERTIFICATES + "/" + alias).DELETE()).code())
        .isEqualTo("csrf-token-missing");
  }

  @Test
  void session_endsWhenItsUserIsChanged_andNoOthersDoes() throws Exception {
    Session admin = rcs.login("admin");
    Session player = rcs.login("player");

    rcs.put("admin", "another", CryptoServer.ADMINISTER_CERTIFICATES);

    assertThat(rcs.send(rcs.in(admin, CERTIFICATES)).status()).isEqualTo(401);
    assertThat(rcs.send(rcs.in(player, CERTIFICATES)).status()).isEqualTo(200);
    rcs.put("player", "secret", CryptoServer.ADMINISTER_CERTIFICATES);
    assertThat(rcs.send(rcs.in(player, CERTIFICATES)).status()).isEqualTo(401);
    assertThat(rcs.send(rcs.in(rcs.login("player"), CERTIFICATES)).status()).isEqualTo(200);
    rcs.users.remove("player");
    assertThat(rcs.get("player", CERTIFICATES).status()).isEqualTo(401);
  }

  @Test
  void metrics_countUnwraps_sessionsAndWhatTheCacheSaved() throws Exception {
    uploaded(SampleCertificates.FIRST);
    rcs.login("player");
    Recording recording = record(SampleCertificates.FIRST);
    String path = "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId() + "/recordings/"
        + recording.id() + "/play/" + recording.mediaFiles().get(0).mediaId();

    for (int i = 0; i < 3; i++) {
      assertThat(rcs.get("player", path).status()).isEqualTo(200);
    }

    assertThat(rcs.metrics.scrape())
        .contains("tapeseal_rcs_unwraps_total{outcome=\"opened\"} 1.0")
        .contains("tapeseal_rcs_session_keys_total{source=\"unwrap\"} 1.0")
        .contains("tapeseal_rcs_session_keys_total{source=\"cache\"} 2.0")
        .contains("tapeseal_rcs_sessions 1.0")
        .containsPattern("tapeseal_http_first_byte_seconds_bucket\\{route=\"/rcs/contact-centers/");
  }

  @Test
  void everyMalformedBody_isRefusedWithAClearError() throws Exception {
    for (String body : List.of(
        "",
        "[]",
        "{",
        "{\"key\":1}",
        "{\"key\":\"a\",\"key\":\"b\"}",
        "{\"a\":\"\\u12\"}",
        "{} x")) {
      Reply reply = rcs.send(rcs.as("admin", CERTIFICATES)
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8))));

      assertThat(reply.status() + " " + reply.code()).as(body).isEqualTo("400 not-json");
    }
  }
}
