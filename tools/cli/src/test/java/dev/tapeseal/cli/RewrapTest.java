package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** New recipients on old recordings, from end to end. */
class RewrapTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] MEDIA = Samples.bytes("media/call.mp3");

  @TempDir
  private Path folder;

  private static Run assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private static void assertFails(Run run, ExitCode exitCode, String... parts) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode.number());
    assertThat(run.messages()).contains(parts).startsWith("tapeseal: ");
  }

  private static Run run(List<Object> first, Object... more) {
    List<Object> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return Run.of(all.toArray());
  }

  private static Run rewrap(Object... more) {
    return run(
        List.of("rewrap", "--key", FIRST.keyPath(), "--cert", SECOND.certificatePath()), more);
  }

  private Path encrypted(String format, Object... more) {
    Path recording = folder.resolve("call-" + format);
    assertOk(run(
        List.of(
            "encrypt",
            "--format",
            format,
            "--cert",
            FIRST.certificatePath(),
            CALL,
            "-o",
            recording),
        more));
    return recording;
  }

  private static Run decrypt(SampleIdentity identity, Path recording) {
    return Run.of("decrypt", "--key", identity.keyPath(), recording, "-o", "-");
  }

  private Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs7, call-pkcs7",
    "pkcs7-detached, call-pkcs7-detached.p7",
    "sealed, call-sealed.p7k"
  })
  void file_isOpenedByTheNewKeyAlone_andOnlyItsEnvelopeChanges(String format, String replaced)
      throws IOException {
    Path recording = format.equals("sealed") ? encrypted(format) : encrypted(format, "--mac");
    Map<String, byte[]> before = contents();

    Run first = assertOk(rewrap("--json", recording));
    Map<String, byte[]> after = contents();
    Run again = assertOk(rewrap("--json", recording));

    assertThat(first.json().at("/files/0/result").asString()).isEqualTo("rewrapped");
    assertThat(first.json().at("/files/0/replaced").asString()).endsWith(replaced);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, bytes) -> {
      if (name.equals(replaced)) {
        assertThat(after.get(name)).isNotEqualTo(bytes);
      } else {
        assertThat(after.get(name)).as(name).isEqualTo(bytes);
      }
    });
    assertThat(again.json().at("/files/0/result").asString()).isEqualTo("alreadyRewrapped");
    Run played = assertOk(decrypt(SECOND, recording));
    assertThat(played.output()).isEqualTo(MEDIA);
    assertThat(played.messages()).isEmpty(); // authenticated still
    assertThat(decrypt(FIRST, recording).exitCode()).isEqualTo(ExitCode.REFUSED.number());
  }

  @Test
  void permissionsAndLinks_stay() throws IOException {
    Path recording = encrypted("pkcs7");
    Files.setPosixFilePermissions(recording, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), recording);

    assertOk(rewrap(link));

    assertThat(link).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(recording)))
        .isEqualTo("rw-r-----");
    assertThat(assertOk(decrypt(SECOND, recording)).output()).isEqualTo(MEDIA);
  }

  @Test
  void whatCannotBeRewrapped_staysAsItIs() throws IOException {
    Path damaged = encrypted("sealed");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged, bytes);
    Path sound = encrypted("pkcs7-detached", "--mac");
    Map<String, byte[]> before = contents();

    assertFails(rewrap(damaged), ExitCode.FAILED, damaged.toString());
    assertOk(rewrap("--dry-run", sound));
    assertFails(
        Run.of(
            "rewrap",
            "--key",
            SECOND.keyPath(),
            "--cert",
            SECOND.certificatePath(),
            "--recip",
            SECOND.certificatePath(),
            sound),
        ExitCode.REFUSED,
        "no private key");
    assertFails(
        Run.of("rewrap", "--key", FIRST.keyPath(), "--cert", EXPIRED.certificatePath(), sound),
        ExitCode.REFUSED,
        "expired");
    assertFails(rewrap(folder.resolve("none")), ExitCode.NOT_FOUND, "does not exist");
    assertFails(rewrap("-"), ExitCode.USAGE, "nothing to replace");
    assertFails(rewrap(), ExitCode.USAGE, "what to rewrap?");
    assertFails(rewrap("--id", "a", sound), ExitCode.USAGE, "--store DIR");
    assertThat(contents()).containsExactlyEntriesOf(before);

    Run both = rewrap("--json", damaged, sound);
    assertFails(both, ExitCode.SOME_FAILED, damaged.toString());
    assertThat(both.json().at("/failed").asInt()).isEqualTo(1);
    assertThat(assertOk(decrypt(SECOND, sound)).output()).isEqualTo(MEDIA);
  }

  private Path record(String format, SampleIdentity identity) {
    Path store = folder.resolve("recordings");
    assertOk(Run.of(
        "record",
        "--store",
        store,
        "--format",
        format,
        "--cert",
        identity.certificatePath(),
        "--call",
        CALL));
    return store;
  }

  private static JsonNode list(Path store) {
    return Run.of("recordings", "list", "--json", "--store", store).json().get("recordings");
  }

  /** The whole of it: rewrap what the certificate covers, delete its key, and nothing is orphaned. */
  @Test
  void retiredCertificate_leavesNoRecordingWithoutAKey() throws IOException {
    Path password = Files.writeString(folder.resolve("password.txt"), "correct horse\n");
    Path keystore = folder.resolve("keystore.p12");
    List<Object> keys = List.of("--keystore", keystore, "--keystore-password-file", password);
    for (SampleIdentity identity : List.of(FIRST, SECOND)) {
      assertOk(run(
          List.of("keystore", "import", "--alias", identity.equals(FIRST) ? "old" : "new"),
          "--key",
          identity.keyPath(),
          "--cert",
          identity.certificatePath(),
          "--keystore",
          keystore,
          "--keystore-password-file",
          password));
    }
    Path store = folder.resolve("recordings");
    for (String format : List.of("pkcs7", "pkcs7-detached", "sealed")) {
      record(format, FIRST);
    }
    record("sealed", SECOND);
    List<Object> rewrap = new ArrayList<>(List.of(
        "rewrap",
        "--json",
        "--store",
        store,
        "--only-for",
        FIRST.certificatePath(),
        "--cert",
        SECOND.certificatePath()));
    rewrap.addAll(keys);
    assertThat(run(keystore(keys, "delete"), "--alias", "old", "--store", store).exitCode())
        .isEqualTo(ExitCode.REFUSED.number());

    JsonNode dry = assertOk(run(rewrap, "--dry-run")).json();
    JsonNode done = assertOk(run(rewrap)).json();
    JsonNode again = assertOk(run(rewrap)).json();

    assertThat(dry.get("rewrapped").asInt()).isEqualTo(3);
    assertThat(done.get("rewrapped").asInt()).isEqualTo(3);
    assertThat(done.get("alreadyRewrapped").asInt()).isEqualTo(1);
    assertThat(again.get("rewrapped").asInt()).isZero();
    assertThat(again.get("alreadyRewrapped").asInt()).isEqualTo(4);
    assertOk(run(keystore(keys, "delete"), "--alias", "old", "--store", store));
    assertThat(assertOk(run(keystore(keys, "orphans"), "--json", "--store", store))
            .json()
            .get("orphans")
            .asInt())
        .isZero();
    for (JsonNode recording : list(store)) {
      JsonNode file = recording.at("/mediaFiles/0");
      Path media = store.resolve(file.at("/mediaDescriptor/path").asString());
      assertThat(Files.size(media)).isEqualTo(Long.parseLong(file.get("size").asString()));
      Run played = assertOk(decrypt(SECOND, media));
      assertThat(played.output()).isEqualTo(MEDIA);
      assertThat(played.messages()).isEmpty();
      assertFails(rewrap(media), ExitCode.REFUSED, "belongs to a store");
    }
  }

  private static List<Object> keystore(List<Object> keys, String verb) {
    List<Object> all = new ArrayList<>(List.of("keystore", verb));
    all.addAll(keys);
    return all;
  }

  @Test
  void recordingsOfOtherKeys_areNotTouched_andDamagedOnesDoNotStopTheOthers() throws IOException {
    Path store = record("pkcs7", FIRST);
    record("sealed", FIRST);
    record("sealed", SECOND);
    JsonNode first = list(store).get(2);
    Path media = store.resolve(first.at("/mediaFiles/0/mediaDescriptor/path").asString());
    byte[] bytes = Files.readAllBytes(media);
    bytes[bytes.length - 1] ^= 1;
    Files.write(media, bytes);

    Run run = rewrap("--json", "--store", store, "--cert", FIRST.certificatePath());

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.SOME_FAILED.number());
    assertThat(run.json().get("rewrapped").asInt()).isEqualTo(1);
    assertThat(run.json().get("notCovered").asInt()).isEqualTo(1);
    assertThat(run.json().at("/failures/0/recording").asString())
        .isEqualTo(first.get("id").asString());
    assertThat(Files.readAllBytes(media)).isEqualTo(bytes);
    Path nobody = folder.resolve("others");
    assertOk(
        Run.of("record", "--store", nobody, "--cert", SECOND.certificatePath(), "--call", CALL));
    assertFails(
        Run.of(
            "rewrap",
            "--key",
            FIRST.keyPath(),
            "--cert",
            FIRST.certificatePath(),
            "--store",
            nobody),
        ExitCode.REFUSED,
        "1 not covered",
        "none of the private keys");
    assertFails(
        rewrap("--store", store, "--id", "nobody"), ExitCode.NOT_FOUND, "no recording of this id");
  }
}
