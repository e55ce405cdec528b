package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.CHAINED;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.FIRST_RENEWED;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] MEDIA = Samples.bytes("media/call.mp3");

  @TempDir
  private Path folder;

  private Path keystore;
  private Path password;

  @BeforeEach
  void writePassword() throws IOException {
    keystore = folder.resolve("keystore.p12");
    password = Files.writeString(folder.resolve("keystore-password.txt"), "correct horse\n");
  }

  private Run run(String verb, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(verb.split(" ")));
    arguments.addAll(List.of("--keystore", keystore, "--keystore-password-file", password));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray());
  }

  private Run importKey(String alias, SampleIdentity identity, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(
        "--alias", alias, "--key", identity.keyPath(), "--cert", identity.certificatePath()));
    arguments.addAll(List.of(more));
    return run("keystore import", arguments.toArray());
  }

  private static Run assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private static void assertFails(Run run, ExitCode exitCode, String... parts) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode.number());
    assertThat(run.messages()).contains(parts).startsWith("tapeseal: ");
    assertThat(run.messages().lines().count()).as(run.messages()).isLessThanOrEqualTo(2);
  }

  private Path encrypted(SampleIdentity identity) {
    Path recording = folder.resolve("call-" + identity + ".p7m");
    assertOk(Run.of("encrypt", "--cert", identity.certificatePath(), CALL, "-o", recording));
    return recording;
  }

  @Test
  void importedKey_opensRecordings_alsoThoseOfTheCertificateBeforeItsRenewal() {
    Run imported = assertOk(importKey("renewed", FIRST_RENEWED, "--json"));
    assertThat(imported.json().path("alias").asString()).isEqualTo("renewed");

    for (SampleIdentity identity : List.of(FIRST, FIRST_RENEWED)) {
      Run played = assertOk(run("decrypt", encrypted(identity), "-o", "-"));
      assertThat(played.output()).isEqualTo(MEDIA);
    }
    assertFails(
        run("decrypt", encrypted(SECOND), "-o", "-"), ExitCode.REFUSED, "no private key for any");
  }

  @Test
  void everyShapeOfAKey_isImported() throws IOException {
    int number = 0;
    List<String> files = new ArrayList<>(SampleCertificates.PLAIN_KEYS);
    files.addAll(SampleCertificates.ENCRYPTED_KEYS);
    files.add("certificates/first.p12");
    files.add("certificates/first_pbmac1.p12");
    for (String file : files) {
      keystore = folder.resolve("keystore-" + number++ + ".p12");
      List<Object> arguments = new ArrayList<>(List.of(
          "--alias",
          "a",
          "--key",
          Samples.path(file),
          "--password-file",
          SampleCertificates.passwordPath()));
      if (!file.endsWith(".p12")) {
        arguments.addAll(List.of("--cert", FIRST.certificatePath()));
      }

      assertOk(run("keystore import", arguments.toArray()));

      assertThat(assertOk(run("keystore list", "--json")).json().path("keys").size())
          .isEqualTo(1);
    }
  }

  @Test
  void list_showsStatesAndChains() {
    assertOk(importKey("old", EXPIRED));
    assertOk(importKey(
        "chained", CHAINED, "--chain", Samples.path(SampleCertificates.CA_BUNDLE), "--only-oaep"));
    assertOk(importKey("second", SECOND, "--contact-center", "1", "--tenant", "Environment"));
    assertOk(run("keystore retire", "--alias", "second"));

    var keys = assertOk(run("keystore list", "--json")).json().path("keys");
    String table = assertOk(run("keystore list")).text();

    assertThat(keys.get(0).path("chainLength").asInt()).isEqualTo(3);
    assertThat(keys.get(0).path("onlyOaep").asBoolean()).isTrue();
    assertThat(keys.get(1).path("state").asString()).isEqualTo("expired");
    assertThat(keys.get(2).path("state").asString()).isEqualTo("retired");
    assertThat(keys.get(2).path("tenant").asString()).isEqualTo("Environment");
    assertThat(table).contains("ALIAS", "chained", "active", "expired", "(only OAEP)");
    assertOk(run("keystore retire", "--alias", "second", "--undo"));
    assertThat(assertOk(run("keystore list")).text()).doesNotContain("retired");
  }

  @Test
  void passwords_comeFromTheEnvironment_too() {
    assertOk(importKey("first", FIRST));
    Map<String, String> environment = Map.of(
        "TAPESEAL_KEYSTORE", keystore.toString(), "TAPESEAL_KEYSTORE_PASSWORD", "correct horse");

    assertOk(Run.with(environment, new byte[0], "keystore", "list"));
    Run played =
        assertOk(Run.with(environment, new byte[0], "decrypt", encrypted(FIRST), "-o", "-"));
    assertThat(played.output()).isEqualTo(MEDIA);
    assertOk(Run.with(
        Map.of("TAPESEAL_KEYSTORE_PASSWORD_FILE", password.toString()),
        new byte[0],
        "keystore",
        "list",
        "--keystore",
        keystore));
  }

  @Test
  void refusals_sayWhy() throws IOException {
    assertFails(
        run(
            "keystore import",
            "--alias",
            "a",
            "--key",
            FIRST.keyPath(),
            "--cert",
            SECOND.certificatePath()),
        ExitCode.REFUSED,
        "not the private key of");
    assertThat(keystore).doesNotExist();
    assertFails(run("keystore list"), ExitCode.NOT_FOUND, "keystore.p12: does not exist");
    assertOk(importKey("first", FIRST));
    assertFails(importKey("first", SECOND), ExitCode.REFUSED, "alias 'first'");
    assertFails(importKey("a b", SECOND), ExitCode.USAGE, "alias: 'a b'");
    assertFails(importKey("x", SECOND, "--tenant", "T"), ExitCode.USAGE, "expected: both");
    assertFails(
        run(
            "keystore import",
            "--alias",
            "x",
            "--key",
            Samples.path("certificates/first_key_pkcs1_aes256.pem"),
            "--cert",
            FIRST.certificatePath()),
        ExitCode.USAGE,
        "missing password of the private key");
    assertFails(run("keystore retire", "--alias", "absent"), ExitCode.NOT_FOUND, "no key of alias");
    Files.writeString(password, "something else\n");
    assertFails(run("keystore list"), ExitCode.REFUSED, "wrong password");
    assertFails(
        Run.of("keystore", "list", "--keystore", keystore), ExitCode.USAGE, "missing password");
    assertFails(Run.of("keystore", "list"), ExitCode.USAGE, "--keystore FILE");
    assertFails(Run.of("decrypt", CALL, "-o", "-"), ExitCode.USAGE, "missing private key");
    assertFails(
        run("decrypt", "--key", FIRST.keyPath(), CALL, "-o", "-"), ExitCode.USAGE, "one of them");
  }

  private Path recorded(SampleIdentity identity) {
    Path store = folder.resolve("recordings");
    assertOk(
        Run.of("record", "--store", store, "--call", CALL, "--cert", identity.certificatePath()));
    return store;
  }

  @Test
  void delete_showsWhatIsLost_andRefusesUntilThatIsAccepted() {
    assertOk(importKey("first", FIRST));
    assertOk(importKey("second", SECOND));
    Path store = recorded(FIRST);

    Run refused = run("keystore delete", "--alias", "first", "--store", store);
    assertFails(
        refused, ExitCode.REFUSED, "1 recordings need it", "--recordings-become-unreadable");
    assertThat(refused.text())
        .contains("'first': 1 recording would become unreadable", "without a key now: 0");
    Run unneeded =
        assertOk(run("keystore delete", "--alias", "second", "--store", store, "--json"));
    assertThat(unneeded.json().path("unreadable").asInt()).isZero();
    assertThat(unneeded.json().path("deleted").asBoolean()).isTrue();
    assertOk(run("keystore orphans", "--store", store));
    assertOk(run(
        "keystore delete", "--alias", "first", "--store", store, "--recordings-become-unreadable"));

    assertThat(assertOk(run("keystore list", "--json")).json().path("keys").size())
        .isZero();
    Run orphans = run("keystore orphans", "--store", store, "--json");
    assertThat(orphans.exitCode()).isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(orphans.json().path("orphans").asInt()).isEqualTo(1);
    assertThat(orphans.json().path("missingKeys").toString()).contains("Monster");
    assertFails(
        run("keystore delete", "--alias", "first", "--store", store), ExitCode.NOT_FOUND, "no key");
    assertFails(
        run("keystore delete", "--alias", "first", "--store", folder.resolve("absent")),
        ExitCode.NOT_FOUND,
        "absent");
  }

  @Test
  void backup_isVerified_andRestoredWhereThereIsNoKeyStore() throws IOException {
    assertOk(importKey("first", FIRST));
    Path store = recorded(FIRST);
    Path backup = folder.resolve("backup.zip");
    Path secret = Files.writeString(folder.resolve("backup-password.txt"), "battery staple\n");
    Object[] backupPassword = {"--backup-password-file", secret};

    assertFails(run("keystore backup", backupPassword), ExitCode.USAGE, "-o BACKUP");
    assertOk(run("keystore backup", "-o", backup, backupPassword[0], secret));
    assertFails(
        run("keystore backup", "-o", backup, backupPassword[0], secret), ExitCode.FAILED, "exists");
    Run verified = assertOk(
        run("keystore backup verify", backup, "--store", store, backupPassword[0], secret));
    assertThat(verified.text()).contains("first: opened; decrypted recording");
    assertFails(
        run("keystore backup verify", backup, "--store", store, backupPassword[0], password),
        ExitCode.REFUSED,
        "wrong password for the backup");

    assertOk(importKey("second", SECOND));
    Run incomplete = run(
        "keystore backup verify", backup, "--store", store, backupPassword[0], secret, "--json");
    assertThat(incomplete.exitCode()).isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(incomplete.json().path("missingAliases").get(0).asString()).isEqualTo("second");

    Object[] restore = {backup, backupPassword[0], secret};
    assertFails(run("keystore restore", restore), ExitCode.FAILED, "exists already");
    keystore = folder.resolve("restored.p12");
    assertOk(run("keystore restore", restore));
    Path media = onlyMedia(store);
    assertThat(assertOk(run("decrypt", media, "-o", "-")).output()).isEqualTo(MEDIA);

    keystore = folder.resolve("never.p12");
    assertFails(
        run("keystore restore", backup, backupPassword[0], password),
        ExitCode.REFUSED,
        "wrong password");
    assertFails(
        run("keystore restore", CALL, backupPassword[0], secret), ExitCode.FAILED, "backup");
    assertThat(keystore).doesNotExist();
  }

  private static Path onlyMedia(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".mp3")).findFirst().orElseThrow();
    }
  }
}
