package dev.tapeseal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpOptionsTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          /genesys/mcp/ca.pem     | /genesys/mcp/ca.pem
          c:\\keystore\\ca_cert.pem | c:\\keystore\\ca_cert.pem
          ca.pem                  | ca.pem
          a = b;c#d.pem           | a = b;c#d.pem
          """)
  void caFile_isTakenAsItStands_andCountsFromTheOptionsFile(String value, String path)
      throws IOException {
    McpOptions options =
        McpOptions.read(write("; MCP\n[mpc]\n  mediamgr.CA_file = " + value + "  \n"));

    assertThat(options.caFile()).contains(folder.resolve(path));
  }

  @Test
  void otherSectionsAndOptions_areKept_andAppearOnce() throws IOException {
    McpOptions options = McpOptions.read(write(
        "[log]\r\nverbose=all\r\n[mpc]\r\ncodec=pcmu pcma\r\n# more\r\n[log]\r\nall=stdout\r\n"));

    assertThat(options.option("mpc", "codec")).contains("pcmu pcma");
    assertThat(options.option("log", "verbose")).contains("all");
    assertThat(options.option("log", "all")).contains("stdout");
    assertThat(options.option("log", "codec")).isEmpty();
    assertThat(options.caFile()).isEmpty();
    assertThat(McpOptions.none().caFile()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[mpc]\nmediamgr.CAfile=ca.pem",
        "[mpc]\nmediamgr.ca_file=ca.pem",
        "[mpc]\nmediamngr.CA_file=ca.pem",
        "[mcp]\nmediamgr.CA_file=ca.pem"
      })
  void caFile_thatIsMisspelledOrInAnotherSection_isRefused(String content) throws IOException {
    Path file = write(content);

    assertThatThrownBy(() -> McpOptions.read(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(file + ", line 2: unknown option 'med")
        .hasMessageEndingWith("(did you mean 'mediamgr.CA_file' in section [mpc]?)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          mediamgr.x=1           | line 1: option 'mediamgr.x' before any section (expected: a line such as [mpc])
          [mpc                   | line 1: not a section (expected: a line such as [mpc])
          []                     | line 1: not a section (expected: a line such as [mpc])
          [mpc]\\nhunter2        | line 2: not an option (expected: option=value, or ; before a comment)
          [mpc]\\n=value         | line 2: not an option (expected: option=value, or ; before a comment)
          [mpc]\\na=1\\na=1      | line 3: option 'a' for the second time (expected: once)
          """)
  void malformedLine_isNamed(String content, String message) throws IOException {
    Path file = write(content.replace("\\n", "\n"));

    assertThatThrownBy(() -> McpOptions.read(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ", " + message);
  }

  @Test
  void caFile_withoutAValue_isRefused() throws IOException {
    Path file = write("[mpc]\nmediamgr.CA_file=\n");
    McpOptions options = McpOptions.read(file);

    assertThatThrownBy(options::caFile)
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ", line 2: mediamgr.CA_file: '' (expected: the path of a PEM file)");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("mcp.cfg"), content);
  }
}
