package dev.tapeseal.profile;

import static dev.tapeseal.profile.SampleProfiles.EXPIRED;
import static dev.tapeseal.profile.SampleProfiles.FIRST;
import static dev.tapeseal.profile.SampleProfiles.NOW;
import static dev.tapeseal.profile.SampleProfiles.RECORDING;
import static dev.tapeseal.profile.SampleProfiles.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.settings.McpOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What IVR profiles promise, a test a promise: long, since the files have many members. */
class ProfilesTest {
  private static final String CA_FILE = "recordingclient.gvp.config.mpc.mediamgr.CA_file";
  private static final CertificatePolicy POLICY = CertificatePolicy.forRecording();

  @TempDir
  private Path data;

  @Test
  void documentedFile_isRead() throws IOException {
    SampleProfiles.write(data, RECORDING, """
        {"sections":{"recording-certificates":{"certificates-2":%s,"certificates-1":%s},
         "gvp.service-parameters":{"%s":"fixed,/genesys/mcp/certificates/acme/ca.pem"}}}
        """.formatted(
            SampleProfiles.quoted(SampleProfiles.pem(SECOND)),
            SampleProfiles.quoted(SampleProfiles.pem(FIRST)),
            CA_FILE));

    IvrProfile profile = Profiles.open(data).load(RECORDING);

    assertThat(profile.deployed().certificates()).containsExactly(FIRST, SECOND);
    assertThat(profile.caFile()).contains(Path.of("/genesys/mcp/certificates/acme/ca.pem"));
    assertThat(profile.isForRecording()).isTrue();
    assertThat(profile.format()).isEqualTo("pkcs7");
    assertThat(profile.mimeType()).isEmpty();
    assertThat(profile.deployed().failure()).isEqualTo(CertificateFailure.REFUSE);
  }

  /**
   * The file as an administrator wrote it, and the same after a certificate was deployed and
   * another withdrawn.
   */
  @Test
  void changedFile_keepsWhatItDoesNotKnow_inItsOrder() throws IOException {
    String golden = """
        {
          "comment" : "ours — Käse",
          "sections" : {
            "gvp.general" : {
              "service-type" : "record",
              "unknown-option" : "kept"
            },
            "recording-certificates" : {
              "note" : "kept too"@
            },
            "x" : {
              "list" : [ 1.10, 12345678901234567890123, 1E+400, null, true, { } ]
            }
          },
          "dbid" : 101
        }
        """;
    Path file = SampleProfiles.write(data, RECORDING, golden.replace("@", ""));
    Profiles profiles = Profiles.open(data);

    profiles.deploy(RECORDING, FIRST);

    String option =
        ",\n      \"certificates-1\" : \"" + SampleProfiles.pem(FIRST).replace("\n", "\\n") + "\"";
    assertThat(file).content(StandardCharsets.UTF_8).isEqualTo(golden.replace("@", option));

    profiles.withdraw(RECORDING, FIRST);

    assertThat(file).content(StandardCharsets.UTF_8).isEqualTo(golden.replace("@", ""));
  }

  @Test
  void deployed_isSeenByOthers_atOnce() throws IOException {
    Profiles reader = Profiles.open(data);
    Profiles writer = Profiles.open(data);
    writer.create(RECORDING);
    assertThat(reader.load(RECORDING).deployed().options()).isEmpty();

    for (SampleIdentity party : SampleCertificates.PARTIES) {
      RecordingCertificate certificate = SampleProfiles.certificate(party);
      writer.deploy(RECORDING, certificate);

      assertThat(reader.load(RECORDING).deployed().contains(certificate))
          .as("%s", party)
          .isTrue();
    }
  }

  @Test
  void unchangedProfile_isNotReadAgain() throws Exception {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    Thread.sleep(150); // a younger file is not trusted

    IvrProfile first = profiles.load(RECORDING);

    assertThat(profiles.load(RECORDING)).isSameAs(first);
  }

  @Test
  void deploy_takesTheLowestFreeNumber_andWithdrawLeavesTheOthersTheirs() throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    profiles.deploy(RECORDING, FIRST);
    profiles.deploy(RECORDING, SECOND);

    assertThat(profiles.withdraw(RECORDING, FIRST).deployed().options())
        .containsExactly(new Intact(2, SECOND));
    assertThat(profiles.deploy(RECORDING, EXPIRED).deployed().options())
        .containsExactly(new Intact(1, EXPIRED), new Intact(2, SECOND));
  }

  @Test
  void deploy_refusesWhatIsThere_whatIsTooMuch_andProfilesThatDoNotExist() throws IOException {
    Profiles profiles = Profiles.open(data);

    assertThatThrownBy(() -> profiles.deploy(RECORDING, FIRST))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageContaining("no IVR profile 'recording'");
    assertThat(data.resolve("profiles/recording.json")).doesNotExist();

    profiles.create(RECORDING);
    profiles.deploy(RECORDING, FIRST);
    assertThatThrownBy(() -> profiles.deploy(RECORDING, FIRST))
        .isInstanceOf(ProfileException.Conflict.class)
        .hasMessageEndingWith("has this certificate already, as certificates-1 (expected: once)");
    assertThatThrownBy(() -> profiles.create(RECORDING))
        .isInstanceOf(ProfileException.Conflict.class);
    assertThatThrownBy(() -> profiles.withdraw(RECORDING, SECOND))
        .isInstanceOf(ProfileException.NotFound.class);
    assertThatThrownBy(() -> profiles.withdraw(RECORDING, "certificates-2"))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageEndingWith("(expected: certificates-1)");

    for (SampleIdentity party : SampleCertificates.PARTIES.subList(0, 15)) {
      profiles.deploy(RECORDING, SampleProfiles.certificate(party));
    }
    assertThatThrownBy(() -> profiles.deploy(RECORDING, SECOND))
        .isInstanceOf(ProfileException.Conflict.class)
        .hasMessageContaining("has 16 certificates already");
  }

  @Test
  void corruptOption_isNamedWithItsCure_andCanBeReplaced() throws IOException {
    Path file = writeCertificates(
        "\"certificates-1\":" + SampleProfiles.quoted(SampleProfiles.pem(FIRST)),
        "\"certificates-2\":"
            + SampleProfiles.quoted(SampleProfiles.pem(SECOND).replace("\n", "")));
    Profiles profiles = Profiles.open(data);
    DeployedCertificates deployed = profiles.load(RECORDING).deployed();

    assertThat(deployed.corrupt())
        .containsExactly(new CertificateOption.Corrupt(2, "its line breaks are lost"));
    assertThatThrownBy(deployed::certificates)
        .isInstanceOf(ProfileException.CorruptCertificate.class)
        .hasMessage(file
            + ": certificates-2 is corrupt: its line breaks are lost; remove the certificate and add it"
            + " again, for an IVR profile on its Recording tab and never on its Options tab");

    profiles.withdraw(RECORDING, "certificates-2");

    assertThat(profiles.deploy(RECORDING, SECOND).deployed().certificates())
        .containsExactly(FIRST, SECOND);
  }

  @Test
  void corruptOption_meansThatNothingIsRecorded_unlessTheProfileSaysOtherwise() throws IOException {
    writeCertificates(
        "\"certificates-1\":" + SampleProfiles.quoted(SampleProfiles.pem(FIRST)),
        "\"certificates-2\":\"MIIB\"");
    Profiles profiles = Profiles.open(data);

    assertThatThrownBy(() -> profiles.load(RECORDING).deployed().select(POLICY, NOW))
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("certificates-2 is corrupt");

    profiles.set(
        RECORDING, "tapeseal.recording", "when-certificates-fail", "record-with-those-that-pass");
    CertificateSelection selection = profiles.load(RECORDING).deployed().select(POLICY, NOW);
    assertThat(selection.certificates()).containsExactly(FIRST);
    assertThat(selection.alarms()).singleElement().asString().contains("certificates-2 is corrupt");
  }

  @ParameterizedTest(
      name = "when certificates fail: {0}; good: {1}, expired: {2}; recorded under {3}")
  @CsvSource({
    "refuse, false, false, 0",
    "refuse, true , false, 1",
    "refuse, false, true , -1",
    "refuse, true , true , -1",
    "record-with-those-that-pass, false, false, 0",
    "record-with-those-that-pass, true , false, 1",
    "record-with-those-that-pass, false, true , -1",
    "record-with-those-that-pass, true , true , 1"
  })
  void certificatesThatDoNotPass_areDealtWithAsTheProfileSays(
      String policy, boolean good, boolean expired, int recorded) throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    profiles.set(RECORDING, "tapeseal.recording", "when-certificates-fail", policy);
    if (expired) {
      profiles.deploy(RECORDING, EXPIRED);
    }
    if (good) {
      profiles.deploy(RECORDING, FIRST);
    }
    DeployedCertificates deployed = profiles.load(RECORDING).deployed();

    if (recorded < 0) {
      assertThatThrownBy(() -> deployed.select(POLICY, NOW))
          .isInstanceOf(ProfileException.CertificatesRefused.class)
          .hasMessageStartingWith("nothing may be recorded: ")
          .hasMessageContaining("expired");
    } else {
      CertificateSelection selection = deployed.select(POLICY, NOW);
      assertThat(selection.certificates()).hasSize(recorded).isSubsetOf(FIRST);
      assertThat(selection.alarms()).hasSize(expired ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "certificate-1",
        "certificates-0",
        "certificates-01",
        "certificates",
        "Certificates-1",
        "certificates-1 "
      })
  void optionThatIsNearlyACertificate_isRefused(String name) throws IOException {
    writeCertificates("\"" + name + "\":" + SampleProfiles.quoted(SampleProfiles.pem(FIRST)));

    assertThatThrownBy(() -> Profiles.open(data).load(RECORDING))
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageEndingWith("recording-certificates: '" + name
            + "': unknown option (expected: certificates-1, certificates-2 and so on)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          fixed,/ca/ca.pem           | /ca/ca.pem
          fixed, /ca/ca.pem          | /ca/ca.pem
          fixed,certificates/ca.pem  | certificates/ca.pem
          fixed,c:\\keystore\\ca.pem | c:\\keystore\\ca.pem
          fixed,/a,b/ca.pem          | /a,b/ca.pem
          """)
  void caFileOfAProfile_winsOverThePlatforms(String value, String path) throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    McpOptions platform = McpOptions.read(
        Files.writeString(data.resolve("mcp.cfg"), "[mpc]\nmediamgr.CA_file=/platform/ca.pem\n"));
    assertThat(profiles.load(RECORDING).caFile(platform)).contains(Path.of("/platform/ca.pem"));
    assertThat(profiles.load(RECORDING).caFile(McpOptions.none())).isEmpty();

    profiles.set(RECORDING, "gvp.service-parameters", CA_FILE, value);

    assertThat(profiles.load(RECORDING).caFile(platform)).contains(data.resolve(path));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
          gvp.service-parameters | recordingclient.gvp.config.mpc.mediamgr.CA_file | /ca.pem | fixed,PATH
          gvp.service-parameters | recordingclient.gvp.config.mpc.mediamgr.CA_file | fixed,  | fixed,PATH
          gvp.service-parameters | recordingclient.gvp.config.mpc.mediamgr.CA_file | default,/ca.pem | fixed,PATH
          tapeseal.recording | mime-type | audio/ogg | audio/wav or audio/mp3
          tapeseal.recording | mime-type | mp3       | audio/wav or audio/mp3
          tapeseal.recording | format    | PKCS 7    | the name of a format such as pkcs7
          tapeseal.recording | when-certificates-fail | record | refuse or record-with-those-that-pass
          tapeseal.recording | storage-destination | http://me:horse@storage/ | without user and password
          tapeseal.recording | storage-destination | http:///recordings | http or https address
          tapeseal.recording | recording-processor-uri | https://a b/ | http or https address
          tapeseal.recording | storage-authorization | horse | username:password
          tapeseal.recording | speechminer-interaction-receiver-authorization | :horse | username:password
          tapeseal.recording | file-name-template | {call-uuid} | {id} in it
          """)
  void valueThatDoesNotFit_isRefused_andTheFileStays(
      String section, String option, String value, String expected) throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    Path file = data.resolve("profiles/recording.json");
    String before = Files.readString(file);

    assertThatThrownBy(() -> profiles.set(RECORDING, section, option, value == null ? "" : value))
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageStartingWith(file + ": section " + section + ": " + option + ": ")
        .hasMessageContaining(expected)
        .hasMessageNotContaining("horse");
    assertThat(file).hasContent(before);
  }

  @Test
  void recordingTab_isRead_andItsCredentialsAreHidden() throws IOException {
    SampleProfiles.writeOptions(data, RECORDING, "tapeseal.recording", """
        "storage-destination":"http://storage/recordings", "storage-authorization":"dav:horse",
        "recording-processor-uri":"http://rp:8889/api", "speechminer-destination":"S3:bucket",
        "speechminer-interaction-receiver":"https://sm/", "speechminer-interaction-receiver-authorization":"sm:horse:x",
        "mime-type":"audio/mp3", "alert-tone-source":"file:///tone.wav", "format":"sealed",
        "file-name-template":"{call-uuid}_{id}"
        """);

    IvrProfile profile = Profiles.open(data).load(RECORDING);

    RecordingDestinations destinations = profile.destinations();
    assertThat(destinations.storage()).contains("http://storage/recordings");
    assertThat(destinations.recordingProcessorUri()).contains("http://rp:8889/api");
    assertThat(destinations.speechMiner()).contains("S3:bucket");
    assertThat(destinations.interactionReceiver()).contains("https://sm/");
    assertThat(new String(destinations.storageAuthorization().orElseThrow().copyCharacters()))
        .isEqualTo("dav:horse");
    assertThat(new String(
            destinations.interactionReceiverAuthorization().orElseThrow().copyCharacters()))
        .isEqualTo("sm:horse:x");
    assertThat(profile.mimeType()).contains(StorageMimeType.MP3);
    assertThat(profile.alertToneSource()).contains("file:///tone.wav");
    assertThat(profile.fileNameTemplate())
        .map(FileNameTemplate::toString)
        .contains("{call-uuid}_{id}");
    assertThat(profile.format()).isEqualTo("sealed");
    assertThat(destinations.toString() + profile).doesNotContain("horse");
  }

  @Test
  void certificates_areNotSetAsText() throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);

    assertThatThrownBy(
            () -> profiles.set(RECORDING, "recording-certificates", "certificates-1", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deploy or withdraw");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          []                                  | not a JSON object
          {"sections":[]}                     | 'sections' (expected: a JSON object)
          {"sections":{"gvp.general":"x"}}    | 'gvp.general' (expected: a JSON object)
          {"sections":{"gvp.general":{"service-type":1}}} | 'service-type' (expected: a JSON string)
          {"a":1                              | not JSON, nested too deep, or a member for the second time, at line 1, column 7
          {"a":1,"a":2}                       | not JSON, nested too deep, or a member for the second time, at line 1, column 11
          {} {}                               | not JSON, nested too deep, or a member for the second time, at line 1
          """)
  void fileOfAnotherShape_isRefused(String json, String message) throws IOException {
    Path file = SampleProfiles.write(data, RECORDING, json);

    assertThatThrownBy(() -> Profiles.open(data).load(RECORDING))
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void fileThatIsTooLong_orTooDeep_isRefused() throws IOException {
    byte[] blanks = new byte[1024 * 1024 + 1];
    Arrays.fill(blanks, (byte) ' ');
    Path file = SampleProfiles.write(data, RECORDING, "{}");
    Files.write(file, blanks);

    assertThatThrownBy(() -> Profiles.open(data).load(RECORDING))
        .isInstanceOf(ProfileException.Invalid.class)
        .hasMessageContaining("more than 1048576 bytes");

    Files.writeString(file, "{\"a\":" + "[".repeat(100_000));
    assertThatThrownBy(() -> Profiles.open(data).load(RECORDING))
        .isInstanceOf(ProfileException.Invalid.class);
  }

  @Test
  void newFile_isForItsOwnerAlone_andAReplacedOneKeepsItsPermissions() throws IOException {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    Path file = data.resolve("profiles/recording.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    profiles.deploy(RECORDING, FIRST);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void newFolder_isForItsOwnerAndGroup() throws IOException {
    assumeTrue(
        data.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "skipped: no POSIX file permissions");
    Path made = data.resolve("made");

    Profiles.open(made).create(RECORDING);

    for (Path folder : List.of(made, made.resolve("profiles"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isIn("rwxr-x---", "rwx------");
    }
  }

  @Test
  void profileThatDoesNotExist_isAskedFor_andChanged_withoutATrace() throws IOException {
    Profiles profiles = Profiles.open(data);

    assertThatThrownBy(() -> profiles.load(RECORDING))
        .isInstanceOf(ProfileException.NotFound.class);
    assertThatThrownBy(() -> profiles.deploy(RECORDING, FIRST))
        .isInstanceOf(ProfileException.NotFound.class);
    assertThatThrownBy(() -> profiles.set(RECORDING, "gvp.general", "service-type", "record"))
        .isInstanceOf(ProfileException.NotFound.class);

    assertThat(data).isEmptyDirectory();
    profiles.create(RECORDING);
    assertThat(profiles.load(RECORDING).deployed().certificates()).isEmpty();
  }

  @Test
  void names_areThoseOfTheFiles_andLeftOversAreSwept() throws IOException {
    Profiles profiles = Profiles.open(data);
    assertThat(profiles.names()).isEmpty();
    profiles.create(new ProfileName("US East"));
    profiles.create(RECORDING);
    Path leftOver = Files.writeString(
        data.resolve("profiles/.recording.json." + UUID.randomUUID() + ".part"), "{");
    Path others = Files.writeString(data.resolve("profiles/.recording.json.mine.part"), "{");
    Files.writeString(data.resolve("profiles/README"), "ours");

    assertThat(profiles.names()).containsExactly(new ProfileName("US East"), RECORDING);
    profiles.deploy(RECORDING, FIRST);

    assertThat(leftOver).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void fileNameThatNoProfileMayHave_isRefused() throws IOException {
    Files.createDirectories(data.resolve("profiles"));
    Files.writeString(data.resolve("profiles/ä.json"), "{}");

    assertThatThrownBy(() -> Profiles.open(data).all())
        .isInstanceOf(ProfileException.Invalid.class);
  }

  @Test
  void deployedCount_countsProfiles() throws IOException {
    Profiles profiles = Profiles.open(data);
    for (String name : List.of("a", "b", "c")) {
      profiles.create(new ProfileName(name));
    }
    profiles.deploy(new ProfileName("a"), FIRST);
    profiles.deploy(new ProfileName("b"), FIRST);
    profiles.deploy(new ProfileName("b"), SECOND);

    assertThat(profiles.deployedCount(FIRST)).isEqualTo(2);
    assertThat(profiles.deployedCount(SECOND)).isEqualTo(1);
    assertThat(profiles.deployedCount(EXPIRED)).isZero();
  }

  @Test
  void select_saysWhatItLookedFor_whereThereIsNone() throws IOException {
    Profiles profiles = Profiles.open(data, "tenant default");
    profiles.create(new ProfileName("a"));
    profiles.create(new ProfileName("b"));

    assertThatThrownBy(() -> profiles.select(Optional.of("Kathmandu")))
        .isInstanceOf(ProfileException.NotFound.class)
        .hasMessageContaining("at geo-location 'Kathmandu' among 2")
        .hasMessageContaining("'tenant default'");
    profiles.create(new ProfileName("tenant default"));
    assertThat(profiles.select(Optional.of("Kathmandu")).name()).hasToString("tenant default");
  }

  private Path writeCertificates(String... options) throws IOException {
    return SampleProfiles.writeOptions(
        data, RECORDING, "recording-certificates", String.join(",", options));
  }
}
