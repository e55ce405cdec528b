package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaIdTest {
  private static final String CALL = "011AP643CSAPR4FKQGQE31TAES00029V";

  @ParameterizedTest
  @ValueSource(
      strings = {
        CALL + "_2015-09-10_16-58-22-006B015F-1000427D-00000001.mp3",
        "+14160000001_8522001.wav",
        "a",
        "a.mp4",
        "agent@example.com,1=2~3.mp3"
      })
  void plainFileName_isAccepted(String value) {
    assertThat(new MediaId(value).fileName(MediaSuffix.KEY_ENVELOPE)).isEqualTo(value + ".p7k");
  }

  @ParameterizedTest
  @MethodSource("dev.tapeseal.store.HostileNames#all")
  void hostileName_isNoMediaId(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaId(name))
        .withMessageMatching("[\\x20-\\x7e…]*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recording.json",
        "Recording.JSON",
        "a.mac",
        "a.p7",
        "a.p7k",
        "a.P7K",
        "a.part",
        ".a",
        ".a.00000000-0000-0000-0000-000000000000.part",
        "a.",
        "a..b",
        "-rf",
        "~a",
        ""
      })
  void nameOfAnotherFile_isNoMediaId(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new MediaId(name));
  }

  @Test
  void longestMediaId_leavesRoomForTheNameItIsWrittenUnder() {
    MediaId longest = new MediaId("x".repeat(MediaId.MAX_LENGTH));

    String part =
        PartFile.partName(longest.fileName(MediaSuffix.KEY_ENVELOPE), new java.util.UUID(1, 2));

    assertThat(part.length()).isLessThanOrEqualTo(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaId("x".repeat(MediaId.MAX_LENGTH + 1)));
  }

  @Test
  void generatedId_followsTheDocumentedPattern_inUtc() {
    MediaId id =
        MediaId.generate(CALL, Instant.parse("2015-09-10T16:58:22.900Z"), "mp3", new Random(7));

    assertThat(id.value())
        .matches(CALL + "_2015-09-10_16-58-22-[0-9A-F]{8}-[0-9A-F]{8}-[0-9A-F]{8}\\.mp3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MP3", ".mp3", "mp3/", "toolongext"})
  void extensionThatIsNone_isRefused(String extension) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaId.generate(CALL, Instant.EPOCH, extension, new Random(7)))
        .withMessageContaining("file extension");
  }
}
