package dev.tapeseal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir
  private Path folder;

  @Test
  void emptyFolder_hasEverythingInItsPlace() throws IOException {
    DataFolder data = DataFolder.open(folder, Map.of());

    assertThat(data.path()).isEqualTo(folder);
    assertThat(data.recordings()).isEqualTo(folder.resolve("recordings"));
    assertThat(data.keyStore()).isEqualTo(folder.resolve("keystore.p12"));
    assertThat(data.users()).isEqualTo(folder.resolve("users"));
    assertThat(data.mcpOptions().caFile()).isEmpty();
  }

  @Test
  void folderThatIsNotThere_isRead_andNotMade() throws IOException {
    Path absent = folder.resolve("absent");

    assertThat(DataFolder.open(absent, Map.of()).recordings())
        .isEqualTo(absent.resolve("recordings"));
    assertThat(absent).doesNotExist();
  }

  @Test
  void settings_putThingsElsewhere_theEnvironmentOverTheFile() throws IOException {
    Files.writeString(
        folder.resolve("rcs.properties"), "store.folder=calls\nkeystore.file=keys/all.p12\n");

    DataFolder data =
        DataFolder.open(folder, Map.of("TAPESEAL_STORE_FOLDER", "/srv/calls", "PATH", "/bin"));

    assertThat(data.recordings()).isEqualTo(Path.of("/srv/calls"));
    assertThat(data.keyStore()).isEqualTo(folder.resolve("keys/all.p12"));
  }

  @Test
  void mcpOptions_areThoseOfTheFolder_orOfTheFileThatASettingNames() throws IOException {
    Files.writeString(folder.resolve("mcp.cfg"), "[mpc]\nmediamgr.CA_file=ca.pem\n");
    assertThat(DataFolder.open(folder, Map.of()).mcpOptions().caFile())
        .isEqualTo(Optional.of(folder.resolve("ca.pem")));

    DataFolder other = DataFolder.open(folder, Map.of("TAPESEAL_MCP_OPTIONS_FILE", "/nowhere/mcp"));
    assertThatThrownBy(other::mcpOptions)
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("/nowhere/mcp");
  }

  @Test
  void unknownSetting_failsWithTheOneThatWasMeant() throws IOException {
    Files.writeString(folder.resolve("rcs.properties"), "cacertstorpath=ca.pem\n");

    assertThatThrownBy(() -> DataFolder.open(folder, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("cacertstorepath");
  }
}
