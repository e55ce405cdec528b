package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
  private static final RecordingId ID = new RecordingId("011AP643CSAPR4FKQGQE31TAES00029V");
  private static final MediaId MEDIA = new MediaId(
      "011AP643CSAPR4FKQGQE31TAES00029V_2015-09-10_16-58-22-006B015F-1000427D-00000001.mp3");

  /** The documented resource; members that nobody documented stand in it too. */
  private static final String DOCUMENTED = """
      {
        "id" : "011AP643CSAPR4FKQGQE31TAES00029V",
        "callerPhoneNumber" : "8522001",
        "dialedPhoneNumber" : "+14160000001",
        "startTime" : "2015-09-10T16:58:22.000+0000",
        "stopTime" : "2015-09-10T16:58:34.000+0000",
        "mediaFiles" : [ {
          "mediaUri" : "http://host/api/v2/recordings/011AP643CSAPR4FKQGQE31TAES00029V/play/4f82ee48.mp3",
          "mediaPath" : "/recordings/011AP643CSAPR4FKQGQE31TAES00029V/play/4f82ee48.mp3",
          "playPath" : "/recordings/011AP643CSAPR4FKQGQE31TAES00029V/play/4f82ee48.mp3",
          "startTime" : "2015-09-10T16:58:22.000+0000",
          "stopTime" : "2015-09-10T16:58:34.000+0000",
          "callUUID" : "011AP643CSAPR4FKQGQE31TAES00029V",
          "mediaId" : "011AP643CSAPR4FKQGQE31TAES00029V_2015-09-10_16-58-22-006B015F-1000427D-00000001.mp3",
          "type" : "audio/mp3",
          "duration" : "12523",
          "tenant" : "Environment",
          "ivrprofile" : "CallRecProfile",
          "size" : "199296",
          "parameters" : {
            "dnis" : "+14160000001",
            "connId" : "006a0269722cd93f",
            "ani" : "8522001",
            "dateTime" : "2015-09-10T16:58:22Z",
            "recordDN" : "+14160000001",
            "agentId" : "agent7"
          },
          "quality" : 1.50,
          "masks" : [ ]
        } ],
        "eventHistory" : [ {
          "occurredAt" : "2015-09-10T16:58:22.000+0000",
          "event" : "Joined",
          "data" : {
            "added" : {
              "Ünïcode" : "☎",
              "big" : 123456789012345678901234567890
            }
          }
        } ],
        "region" : null
      }
      """;

  @Test
  void documentedResource_comesBackToTheByte() throws Exception {
    Recording recording = parse(DOCUMENTED);

    assertThat(recording).hasToString(DOCUMENTED);
    assertThat(recording.toBuilder().build()).hasToString(DOCUMENTED);
  }

  @Test
  void documentedResource_isUnderstood() throws Exception {
    Recording recording = parse(DOCUMENTED);

    assertThat(recording.id()).isEqualTo(ID);
    assertThat(recording.kind()).isEqualTo(RecordingKind.CALL);
    assertThat(recording.tenant()).isEqualTo(Tenant.DEFAULT);
    assertThat(recording.callerNumber()).isEqualTo("8522001");
    assertThat(recording.dialedNumber()).isEqualTo("+14160000001");
    assertThat(recording.started()).isEqualTo(Instant.parse("2015-09-10T16:58:22Z"));
    assertThat(recording.stopped()).isEqualTo(Instant.parse("2015-09-10T16:58:34Z"));
    assertThat(recording.callUuid()).isEqualTo("011AP643CSAPR4FKQGQE31TAES00029V");
    assertThat(recording.agentId()).isEqualTo("agent7");
    MediaFile file = recording.mediaFiles().get(0);
    assertThat(file.mediaId()).isEqualTo(MEDIA);
    assertThat(file.type()).isEqualTo("audio/mp3");
    assertThat(file.duration()).isEqualTo(Duration.ofMillis(12523));
    assertThat(file.sizeBytes()).isEqualTo(199296);
    assertThat(file.tenant()).isEqualTo("Environment");
    assertThat(file.ivrProfile()).isEqualTo("CallRecProfile");
    assertThat(file.mediaUri()).startsWith("http://host/api/v2/recordings/");
    assertThat(file.parameters()).containsEntry("connId", "006a0269722cd93f").hasSize(6);
    assertThat(file.encryption()).isNull();
  }

  @Test
  void change_leavesEverythingElse() throws Exception {
    Recording changed = parse(DOCUMENTED).toBuilder().callerNumber("8522002").build();

    assertThat(changed).hasToString(DOCUMENTED.replaceFirst("\"8522001\"", "\"8522002\""));
  }

  @Test
  void builtRecording_hasTheDocumentedShape() throws Exception {
    MediaFile file = MediaFile.builder(MEDIA, "audio/mp3")
        .started(Instant.parse("2015-09-10T16:58:22.001999Z"))
        .stopped(Instant.parse("2015-09-10T16:58:34Z"))
        .duration(Duration.ofMillis(12523))
        .sizeBytes(199296)
        .callUuid(ID.value())
        .agentId("agent7")
        .encryption(new MediaEncryption(
            "pkcs7",
            List.of(new MediaRecipient(
                "CN=recording,O=Monster", BigInteger.valueOf(47), "0a0b", "00".repeat(32))),
            null,
            "11".repeat(16),
            null,
            199_280))
        .build();

    Recording recording = Recording.call(ID, "8522001", "+14160000001")
        .started(Instant.parse("2015-09-10T16:58:22Z"))
        .tenant(new Tenant("abcd", "Environment"))
        .media(file)
        .event("{\"event\":\"Joined\"}")
        .build();

    assertThat(recording).hasToString("""
            {
              "id" : "011AP643CSAPR4FKQGQE31TAES00029V",
              "callerPhoneNumber" : "8522001",
              "dialedPhoneNumber" : "+14160000001",
              "mediaFiles" : [ {
                "mediaId" : "011AP643CSAPR4FKQGQE31TAES00029V_2015-09-10_16-58-22-006B015F-1000427D-00000001.mp3",
                "type" : "audio/mp3",
                "startTime" : "2015-09-10T16:58:22.001+0000",
                "stopTime" : "2015-09-10T16:58:34.000+0000",
                "duration" : "12523",
                "size" : "199296",
                "callUUID" : "011AP643CSAPR4FKQGQE31TAES00029V",
                "parameters" : {
                  "agentId" : "agent7"
                },
                "tapeseal" : {
                  "format" : "pkcs7",
                  "recipients" : [ {
                    "issuer" : "CN=recording,O=Monster",
                    "serialNumber" : "2f",
                    "subjectKeyIdentifier" : "0a0b",
                    "publicKeySha256" : "%s"
                  } ],
                  "macId" : "%s",
                  "plaintextBytes" : "199280"
                }
              } ],
              "eventHistory" : [ {
                "event" : "Joined"
              } ],
              "tapeseal" : {
                "kind" : "call",
                "contactCenterId" : "abcd",
                "tenant" : "Environment"
              },
              "startTime" : "2015-09-10T16:58:22.000+0000"
            }
            """.formatted("00".repeat(32), "11".repeat(16)));
    assertThat(Recording.parse(recording.toJson())).isEqualTo(recording);
    assertThat(Recording.parse(recording.toJson()).mediaFiles().get(0).encryption())
        .isEqualTo(file.encryption());
  }

  @Test
  void rewrittenEncryption_keepsUnknownMembers() throws Exception {
    Recording recording = parse("""
        {"id":"a","mediaFiles":[{"mediaId":"m","tapeseal":{"format":"sealed","later":1,
         "recipients":[{"subjectKeyIdentifier":"0a"}],"fileId":"%s","commitment":"%s"}}]}
        """.formatted("22".repeat(16), "33".repeat(32)));
    MediaEncryption other = new MediaEncryption(
        "sealed",
        List.of(new MediaRecipient(null, null, "0b", null)),
        "22".repeat(16),
        null,
        "33".repeat(32),
        -1);

    MediaFile changed =
        recording.mediaFiles().get(0).toBuilder().encryption(other).build();

    assertThat(changed.encryption()).isEqualTo(other);
    assertThat(changed.toString()).contains("\"later\" : 1");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "2015-09-10T16:58:22.123+0000, 2015-09-10T16:58:22.123Z",
    "2015-09-10T16:58:22Z, 2015-09-10T16:58:22Z",
    "2015-09-10T16:58:22, 2015-09-10T16:58:22Z",
    "2015-09-10T18:58:22+02:00, 2015-09-10T16:58:22Z",
    "2015-09-10T18:58:22.5+0200, 2015-09-10T16:58:22.500Z",
    "2015-09-10T18:58:22+02, 2015-09-10T16:58:22Z"
  })
  void timesInOtherForms_areUnderstood_andKept(String written, Instant time) throws Exception {
    Recording recording = parse("{\"id\":\"a\",\"startTime\":\"" + written + "\"}");

    assertThat(recording.started()).isEqualTo(time);
    assertThat(recording.toString()).contains(written);
  }

  @Test
  void numbersAsNumbers_areUnderstood() throws Exception {
    MediaFile file = parse(
            "{\"id\":\"a\",\"mediaFiles\":[{\"mediaId\":\"m\",\"size\":7,\"duration\":8}]}")
        .mediaFiles()
        .get(0);

    assertThat(file.sizeBytes()).isEqualTo(7);
    assertThat(file.duration()).isEqualTo(Duration.ofMillis(8));
  }

  @Test
  void leastMetadata_areRead_withNothingInvented() throws Exception {
    Recording recording = parse("{\"id\":\"a\",\"mediaFiles\":[{\"mediaId\":\"m\"}]}");

    assertThat(recording.callerNumber()).isEmpty();
    assertThat(recording.started()).isNull();
    assertThat(recording.callUuid()).isEmpty();
    assertThat(recording.agentId()).isEmpty();
    MediaFile file = recording.mediaFiles().get(0);
    assertThat(file.sizeBytes()).isEqualTo(-1);
    assertThat(file.duration()).isNull();
    assertThat(file.parameters()).isEqualTo(Map.of());
  }

  @Test
  void start_isThatOfTheFirstMedia_whereTheRecordingDoesNotSay() throws Exception {
    Recording recording = parse("""
        {"id":"a","mediaFiles":[
          {"mediaId":"m","startTime":"2020-01-01T00:00:02Z","stopTime":"2020-01-01T00:00:03Z"},
          {"mediaId":"n","startTime":"2020-01-01T00:00:01Z","stopTime":"2020-01-01T00:00:02Z"}]}
        """);

    assertThat(recording.started()).isEqualTo(Instant.parse("2020-01-01T00:00:01Z"));
    assertThat(recording.stopped()).isEqualTo(Instant.parse("2020-01-01T00:00:03Z"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          nonsense                                               | not JSON, line 1
          []                                                     | not a JSON object
          {"id":"a"                                              | not JSON
          {"id":"a"} x                                           | not JSON
          {}                                                     | id: missing
          {"id":"../a"}                                          | recording id: '../a'
          {"id":{}}                                              | id: not a text
          {"id":"a","startTime":"yesterday"}                     | startTime: 'yesterday'
          {"id":"a","startTime":"+999999999-01-01T00:00:00Z"}    | startTime
          {"id":"a","mediaFiles":{}}                             | mediaFiles: not a JSON array
          {"id":"a","mediaFiles":[1]}                            | not an array of JSON objects
          {"id":"a","mediaFiles":[{}]}                           | mediaId: missing
          {"id":"a","mediaFiles":[{"mediaId":"a/b"}]}            | media id: 'a/b'
          {"id":"a","mediaFiles":[{"mediaId":"m"},{"mediaId":"m"}]} | m twice
          {"id":"a","mediaFiles":[{"mediaId":"m","size":"-1"}]}  | size: '-1'
          {"id":"a","mediaFiles":[{"mediaId":"m","size":"9999999999999999999"}]} | size
          {"id":"a","mediaFiles":[{"mediaId":"m","duration":1.5}]} | duration: '1.5'
          {"id":"a","mediaFiles":[{"mediaId":"m","parameters":[]}]} | parameters: not a JSON object
          {"id":"a","mediaFiles":[{"mediaId":"m","tapeseal":{}}]} | format: missing
          {"id":"a","tapeseal":{"kind":"fax"}}                   | kind: 'fax'
          {"id":"a","tapeseal":{"tenant":""}}                    | tenant: ''
          """)
  void whatIsNoMetadata_isRefused_sayingWhatWasExpected(String json, String message) {
    assertThatExceptionOfType(InvalidMetadataException.class)
        .isThrownBy(() -> parse(json))
        .withMessageContaining(message);
  }

  @Test
  void emptyDeepOrHugeJson_isRefused() {
    assertThatExceptionOfType(InvalidMetadataException.class).isThrownBy(() -> parse(""));
    String deep = "{\"id\":\"a\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    byte[] huge = new byte[Json.MAX_BYTES + 1];

    assertThatExceptionOfType(InvalidMetadataException.class).isThrownBy(() -> parse(deep));
    assertThatExceptionOfType(InvalidMetadataException.class)
        .isThrownBy(() -> Recording.parse(huge))
        .withMessageContaining("at most");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\u0000", "\\u001b[31m"})
  void oddCharacters_inTexts_comeBackOrAreRefused_neverLost(String escape) throws Exception {
    Recording recording = parse("{\"id\":\"a\",\"callerPhoneNumber\":\"1" + escape + "2\"}");

    Recording again = Recording.parse(recording.toJson());

    assertThat(again.callerNumber()).startsWith("1").endsWith("2");
  }

  @Test
  void encryption_refusesWhatNoFileHas() {
    MediaRecipient recipient = new MediaRecipient(null, null, "0a", null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaEncryption("pkcs7", List.of(), null, null, null, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaEncryption("PKCS 7", List.of(recipient), null, null, null, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaEncryption("pkcs7", List.of(recipient), "00", null, null, -1))
        .withMessageContaining("file id: '00' (expected: 16 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new MediaEncryption("pkcs7", Collections.nCopies(17, recipient), null, null, null, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaRecipient("CN=a", null, "0a", null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaRecipient(null, null, null, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaRecipient(null, null, "0A", null));
  }

  private static Recording parse(String json) throws InvalidMetadataException {
    return Recording.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
