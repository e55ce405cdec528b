package dev.tapeseal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingKeysTest {

  @Test
  void everyKey_isListed_once() throws IllegalAccessException {
    List<SettingKey<?>> declared = new ArrayList<>();
    for (Field field : SettingKeys.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof SettingKey<?> key) {
        declared.add(key);
      }
    }

    assertThat(SettingKeys.all()).containsExactlyElementsOf(declared);
    assertThat(SettingKeys.all()).extracting(SettingKey::name).doesNotHaveDuplicates();
    assertThat(SettingKeys.all())
        .extracting(SettingKey::environmentVariable)
        .doesNotHaveDuplicates();
  }

  @Test
  void everyKey_isDescribedInOneLine() {
    assertThat(SettingKeys.all()).allSatisfy(key -> {
      assertThat(key.name()).matches("[a-z]+([.-][a-z]+)*");
      assertThat(key.environmentVariable()).matches("TAPESEAL_[A-Z]+(_[A-Z]+)*");
      assertThat(key.description()).matches("[A-Z].{5,120}[^.]");
      assertThat(key.expected()).isNotBlank();
      assertThat(key.type()).matches("[a-z]+");
    });
  }

  @Test
  void everyDefault_isAValueOfItsKey_andIsShownAsSuch() throws SettingsException {
    Settings settings = Settings.builder().build();

    assertThat(settings.shown()).hasSameSizeAs(SettingKeys.all()).allSatisfy(shown -> {
      assertThat(shown.origin()).isEqualTo(Origin.DEFAULT);
      assertThat(settings.find(shown.key()).isPresent())
          .isEqualTo(shown.key().defaultText().isPresent());
      if (shown.key().defaultText().isEmpty()) {
        assertThat(shown.value()).isEqualTo("(not set)");
      }
    });
  }

  @Test
  void everyKey_canBeSetByItsVariable() throws SettingsException {
    for (SettingKey<?> key : SettingKeys.all()) {
      String text = switch (key.type()) {
        case "number" -> "1";
        case "duration" -> "1m";
        case "size" -> "64KiB";
        case "choice" -> key == SettingKeys.PLAIN_HTTP ? "anywhere" : "json";
        case "address" ->
          key == SettingKeys.CATALOG_URL ? "jdbc:postgresql://host/db" : "https://host/path";
        default ->
          key == SettingKeys.CONTACT_CENTER_ID ? "0123456789abcdef0123456789abcdef" : "/some/where";
      };

      Settings settings = Settings.builder()
          .environment(Map.of(key.environmentVariable(), text))
          .build();

      assertThat(settings.find(key)).as(key.name()).isPresent();
      assertThat(settings.origin(key).layer()).as(key.name()).isEqualTo(Origin.Layer.ENVIRONMENT);
    }
  }
}
