package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {

  @ParameterizedTest(name = "{0} serves {1}: {2}")
  @CsvSource({
    "/     , /        , true",
    "/     , /US      , true",
    "/US   , /US      , true",
    "/US/  , /US      , true",
    "/US   , /US/     , true",
    "/US   , /US/AK   , true",
    "/US   , /US/HI/1 , true",
    "/US   , /USA     , false",
    "/USA  , /US      , false",
    "/US/AK, /US      , false",
    "/US/AK, /US/AKX  , false",
    "/us   , /US      , false",
    "/US   , /        , false",
    "/AK   , /US/AK   , false"
  })
  void location_servesNodesBelowIt_byWholeSegments(String setting, String node, boolean serves) {
    assertThat(new Location(setting).serves(new Location(node))).isEqualTo(serves);
  }

  @ParameterizedTest
  @CsvSource({"/US/, /US", "/US, /US", "/, /", "/US/AK/, /US/AK", "/Größe 1, /Größe 1"})
  void slashAtTheEnd_isIgnored(String written, String path) {
    assertThat(new Location(written)).hasToString(path).isEqualTo(new Location(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "US",
        "//",
        "/US//AK",
        "/US//",
        "/..",
        "/../US",
        "/US/..",
        "/US/../x",
        "/.",
        "/US/./x",
        "/a\0",
        "/a\n",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"
      })
  void whatIsNoPath_isRefused(String path) {
    assertThatThrownBy(() -> new Location(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("location: '");
  }

  @ParameterizedTest
  @CsvSource({"64, true", "65, false"})
  void segment_isUpTo64CharactersLong(int length, boolean accepted) {
    String path = "/" + "x".repeat(length);
    if (accepted) {
      assertThat(new Location(path)).hasToString(path);
    } else {
      assertThatThrownBy(() -> new Location(path)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
