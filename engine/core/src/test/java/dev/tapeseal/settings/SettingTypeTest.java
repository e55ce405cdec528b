package dev.tapeseal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {
  private static final SettingType<Duration> DURATION = SettingType.duration("100ms", "30d");
  private static final SettingType<Integer> SIZE = SettingType.sizeBytes("1KiB", "1GiB");

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S",
    "1s, PT1S",
    "90s, PT1M30S",
    "5m, PT5M",
    "12h, PT12H",
    "12 h, PT12H",
    "30d, PT720H"
  })
  void duration_isANumberAndAUnit(String text, Duration duration) {
    assertThat(DURATION.reader().read(text, Path.of(""))).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100ms", "1s", "90s", "5m", "12h", "30d", "1500ms", "25h"})
  void duration_isShownAsItIsWritten(String text) {
    assertThat(SettingType.written(DURATION.reader().read(text, Path.of("")))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "99ms",
        "31d",
        "10",
        "s",
        "1.5s",
        "-1s",
        "1 hour",
        "999999999999d",
        "PT1S",
        "1S"
      })
  void duration_ofAnotherForm_orOutOfRange_isRefused(String text) {
    assertThatThrownBy(() -> DURATION.reader().read(text, Path.of("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1024",
    "1KiB, 1024",
    "64KiB, 65536",
    "1MiB, 1048576",
    "2048B, 2048",
    "1GiB, 1073741824"
  })
  void size_isInBytes(String text, int sizeBytes) {
    assertThat(SIZE.reader().read(text, Path.of(""))).isEqualTo(sizeBytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1023", "1KB", "1073741825", "2GiB", "999999999GiB", "1k", "-1KiB", "1.5MiB"})
  void size_ofAnotherForm_orOutOfRange_isRefused(String text) {
    assertThatThrownBy(() -> SIZE.reader().read(text, Path.of("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b"})
  void path_thatIsNone_isRefused(String text) {
    assertThatThrownBy(() -> SettingType.path().reader().read(text, Path.of("")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
