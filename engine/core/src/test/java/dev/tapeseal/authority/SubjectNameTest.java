package dev.tapeseal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.authority.SubjectName.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectNameTest {

  @Test
  void everyMissingPart_isNamed() {
    assertThatThrownBy(
            () -> SubjectName.builder().commonName("Recording").country("US").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("subject name: without ST, L, O, OU (expected: C, ST, L, O, OU and CN)");
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
    assertThat(complete().commonName("a".repeat(64)).build().value(Part.COMMON_NAME))
        .contains("a".repeat(64));
    assertThat(complete().commonName("😀".repeat(64)).build().value(Part.COMMON_NAME))
        .contains("😀".repeat(64));
    assertThatThrownBy(() -> complete().commonName("a".repeat(65)).build())
        .hasMessageContaining("(expected: 1 to 64 characters, for example Interaction Recording)");
    assertThat(complete().locality("a".repeat(128)).build().value(Part.LOCALITY))
        .contains("a".repeat(128));
    assertThatThrownBy(() -> complete().state("a".repeat(129)).build())
        .hasMessageContaining("(expected: 1 to 128 characters, for example California)");
    assertThatThrownBy(() -> complete().organization(" ").build()).hasMessageStartingWith("O: ' '");
    assertThatThrownBy(() -> complete().organizationalUnit("a\nb").build())
        .hasMessageStartingWith("OU: control or unreadable characters (expected: none;");
    assertThatThrownBy(() -> complete().locality("M\uFFFDnster"))
        .hasMessageStartingWith("L: control or unreadable characters")
        .hasMessageContaining("UTF-8 locale");
  }

  @ParameterizedTest(name = "\'\'{0}\'\'")
  @ValueSource(strings = {"", "a*b", "Ü1", "a_b", "a@b"})
  void aSerialNumberBeyondPrintableString_isRefused(String serialNumber) {
    assertThatThrownBy(() -> complete().set(Part.SERIAL_NUMBER, serialNumber))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("serialNumber: \'" + serialNumber + "\'");
  }

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {"", " ", "name", "name@", "@host", "na me@host", "näme@host"})
  void anAddressThatIsNone_isRefused(String email) {
    assertThatThrownBy(() -> complete().email(email).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("e-mail: '" + email + "'");
  }

  @Test
  void parts_standInOpensslsOrder() {
    assertThat(complete().build().toX500Name())
        .hasToString("C=US,ST=California,L=Daly City,O=Acme,OU=Contact Center,CN=Recording");
    assertThat(
            complete().email("a@b").set(Part.SERIAL_NUMBER, "GIR-1 (a)").build().toX500Name())
        .hasToString("C=US,ST=California,L=Daly City,O=Acme,OU=Contact Center,CN=Recording,"
            + "SERIALNUMBER=GIR-1 (a),E=a@b");
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
