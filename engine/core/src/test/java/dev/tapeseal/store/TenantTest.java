package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTest {
  private static final Path ROOT = Path.of("/store");

  @ParameterizedTest
  @MethodSource("dev.tapeseal.store.HostileNames#all")
  void hostileName_isRefused_orBecomesOneFolderBelowTheRoot_andComesBack(String name) {
    try {
      new Tenant(name, name);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("contact center id").hasMessageMatching("[\\x20-\\x7e…]*");
      return;
    }
    Path folder = ROOT.resolve(FolderName.encode(name));

    assertThat(folder.normalize()).isEqualTo(folder).hasParentRaw(ROOT);
    assertThat(folder.getFileName().toString())
        .matches("[A-Za-z0-9_.,&()'@+=% -]{1,255}")
        .doesNotStartWith(".");
    assertThat(FolderName.decode(FolderName.encode(name))).isEqualTo(name);
  }

  @ParameterizedTest(name = "{0} lies in folder {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
          Environment          | Environment
          Monster & Sons, Inc  | Monster & Sons, Inc
          Monster & Sons, Inc. | Monster & Sons, Inc%2E
          acme.com             | acme.com
          ..                   | %2E%2E
          ...                  | %2E.%2E
          a/b                  | a%2Fb
          100%                 | 100%25
          Zürich               | Z%C3%BCrich
          " x "                | %20x%20
          """)
  void folder_keepsWhatIsHarmless(String name, String folder) {
    assertThat(FolderName.encode(name)).isEqualTo(folder);
    assertThat(FolderName.decode(folder)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%2e", "%41", "%", "%2", "a%ZZ", "Zürich", ".hidden", "x.", "%FF", "a%2Fb%"})
  void folderThatNoNameHas_isNotDecoded(String folder) {
    assertThatIllegalArgumentException().isThrownBy(() -> FolderName.decode(folder));
  }

  @Test
  void emptyOrTooLongName_isRefused() {
    assertThat(new Tenant("c", "x".repeat(80)).name()).hasSize(80);

    assertThatIllegalArgumentException().isThrownBy(() -> new Tenant("c", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tenant("c", "x".repeat(81)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tenant("c", "ü".repeat(43)));
  }
}
