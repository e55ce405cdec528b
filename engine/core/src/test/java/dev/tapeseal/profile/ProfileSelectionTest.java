package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileSelectionTest {
  @TempDir
  private Path data;

  /** Profiles as NAME:SERVICE-TYPE:GEO-LOCATION, the latter two may be left out. */
  @ParameterizedTest(name = "{0}, call at {1}: {2}")
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
          recording                                   | -  | recording
          recording:record                            | -  | recording
          recording:voicexml                          | -  | -
          recording:record:US                         | -  | recording
          recording:record:US                         | US | recording
          recording:record:US                         | EU | -
          recording:record                            | EU | -
          a:record:US b:record:EU                     | EU | b
          b:record:EU a:record:EU                     | EU | a
          a:voicexml:EU b:record:US record:record     | EU | record
          a:record b:voicexml                         | -  | a
          a:record b:record                           | -  | -
          a:record b:record record:record             | -  | record
          a:record b:record record:voicexml           | -  | record
          a:record b:record default:voicexml          | -  | default
          a:record b:record default record            | -  | record
          a:record:US default:record                  | EU | default
          a:record:US record:record                   | us | record
          default:voicexml                            | -  | default
          """)
  void select_followsTheDocumentedOrder(
      String profiles, @Nullable String geoLocation, @Nullable String selected) throws IOException {
    for (String profile : profiles.split(" ", -1)) {
      String[] fields = profile.split(":", -1);
      String serviceType = fields.length > 1 ? "\"service-type\":\"" + fields[1] + "\"" : "";
      String location = fields.length > 2 ? ",\"geo-location\":\"" + fields[2] + "\"" : "";
      SampleProfiles.writeOptions(
          data, new ProfileName(fields[0]), "gvp.general", serviceType + location);
    }

    Optional<IvrProfile> found = ProfileSelection.select(
        Profiles.open(data).all(), Optional.ofNullable(geoLocation), "default");

    assertThat(found.map(profile -> profile.name().value()))
        .isEqualTo(Optional.ofNullable(selected));
  }
}
