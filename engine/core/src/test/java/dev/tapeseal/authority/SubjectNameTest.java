package dev.tapeseal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectNameTest {

  @Test
  void everyMissingPart_isNamed() {
    assertThatThrownBy(
            () -> SubjectName.builder().commonName("Recording").country("US").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("subject name: without O, OU, L, ST (expected: CN, O, OU, L, ST and C)");
  }

  @ParameterizedTest(name = "C={0}")
  @ValueSource(strings = {"", "U", "USA", "U1", "ÜS", "U "})
  void aCountryThatIsNotTwoLetters_isRefused(String country) {
    assertThatThrownBy(() -> complete().country(country).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("C: '" + country + "' (expected: two letters");
  }

  @Test
  void partsMayBeAsLongAsX520Allows_andNoLonger() {
    assertThat(complete().commonName("a".repeat(64)).build().commonName()).hasSize(64);
    assertThatThrownBy(() -> complete().commonName("a".repeat(65)).build())
        .hasMessageContaining("(expected: 1 to 64 characters)");
    assertThat(complete().locality("a".repeat(128)).build().locality()).hasSize(128);
    assertThatThrownBy(() -> complete().state("a".repeat(129)).build())
        .hasMessageContaining("(expected: 1 to 128 characters)");
    assertThatThrownBy(() -> complete().organization(" ").build()).hasMessageStartingWith("O: ' '");
    assertThatThrownBy(() -> complete().organizationalUnit("a\nb").build())
        .hasMessage("OU: control characters (expected: none)");
  }

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {"", "name", "name@", "@host", "na me@host", "näme@host"})
  void anAddressThatIsNone_isRefused(String email) {
    assertThatThrownBy(() -> complete().email(email).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("e-mail: '" + email + "'");
  }

  @Test
  void parts_standInOpensslsOrder() {
    assertThat(complete().build().toX500Name())
        .hasToString("C=US,ST=California,L=Daly City,O=Acme,OU=Contact Center,CN=Recording");
  }

  private static SubjectName.Builder complete() {
    return SubjectName.builder()
        .commonName("Recording")
        .organization("Acme")
        .organizationalUnit("Contact Center")
        .locality("Daly City")
        .state("California")
        .country("us");
  }
}
