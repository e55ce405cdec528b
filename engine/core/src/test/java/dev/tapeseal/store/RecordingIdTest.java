package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"011AP643CSAPR4FKQGQE31TAES00029V", "a", "_", "-", "a-b_C9"})
  void idOfLettersDigitsDashes_isAccepted(String value) {
    assertThat(new RecordingId(value).value()).isEqualTo(value);
  }

  @Test
  void idOfUpTo128Characters_isAccepted_andNotOneMore() {
    assertThat(new RecordingId("x".repeat(128)).value()).hasSize(128);

    assertThatIllegalArgumentException().isThrownBy(() -> new RecordingId("x".repeat(129)));
    assertThatIllegalArgumentException().isThrownBy(() -> new RecordingId(""));
  }

  @ParameterizedTest
  @MethodSource("dev.tapeseal.store.HostileNames#all")
  void hostileName_isNoRecordingId(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordingId(name))
        .withMessageContaining("expected: 1 to 128 letters, digits, '_' or '-'")
        .withMessageMatching("[\\x20-\\x7e…]*");
  }

  @Test
  void generatedId_looksLikeTheDocumentedOnes() {
    Random random = new Random(7);

    RecordingId first = RecordingId.generate(random);

    assertThat(first.value()).matches("[0-9A-V]{32}");
    assertThat(RecordingId.generate(random)).isNotEqualTo(first);
  }
}
