package dev.tapeseal.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final byte[] CONTENT = bytes(200, 1);
  private static final String BLOCK = new String(Pem.encode("CERTIFICATE", CONTENT), ISO_8859_1);

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 2, 3, 4, 47, 48, 49, 95, 96, 97, 100_000})
  void whatIsEncoded_isReadBack_andIsWhatTheJdkDecodes(int length) throws PemException {
    byte[] content = bytes(length, length);

    byte[] encoded = Pem.encode("SAMPLE", content);
    Pem pem = Pem.parse(encoded, "sample.pem");

    assertThat(pem.blocks()).singleElement().satisfies(block -> {
      assertThat(block.label()).isEqualTo("SAMPLE");
      assertThat(block.der()).isEqualTo(content);
      assertThat(block.headers()).isEmpty();
    });
    assertThat(pem.warnings()).isEmpty();
    String text = new String(encoded, ISO_8859_1);
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(64));
    String base64 = text.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
    assertThat(Base64.getDecoder().decode(base64)).isEqualTo(content);
  }

  @Test
  void severalBlocks_keepTheirOrderAndTellTheirPlace() throws PemException {
    Pem pem = parse(BLOCK + "\nsubject=someone\n" + BLOCK.replace("CERTIFICATE", "PRIVATE KEY"));

    assertThat(pem.blocks())
        .extracting(PemBlock::label)
        .containsExactly("CERTIFICATE", "PRIVATE KEY");
    assertThat(pem.blocks()).extracting(PemBlock::position).containsExactly(1, 2);
    assertThat(pem.blocks()).extracting(PemBlock::line).containsExactly(1, 10);
    assertThat(pem.warnings())
        .containsExactly("test.pem, line 9: text outside the BEGIN and END lines");
  }

  @Test
  void carriageReturnsAndByteOrderMark_areAcceptedWithAWarning() throws PemException {
    String pem = "\u00EF\u00BB\u00BF" + BLOCK.replace("\n", "\r\n");

    assertThat(parse(pem).blocks()).singleElement().extracting(PemBlock::der).isEqualTo(CONTENT);
    assertThat(parse(pem).warnings())
        .containsExactlyInAnyOrder(
            "test.pem: a byte order mark at the start (expected: plain ASCII)",
            "test.pem: lines end in CR or CRLF (expected: LF)");
    assertThat(parse(BLOCK.replace("\n", "\r\r\n")).blocks())
        .singleElement()
        .extracting(PemBlock::der)
        .isEqualTo(CONTENT);
    assertThat(parse(BLOCK.replace("\n", "\r")).blocks())
        .singleElement()
        .extracting(PemBlock::der)
        .isEqualTo(CONTENT);
  }

  @Test
  void headers_areReadInTheirOrder_andMayContinueOnTheNextLine() throws PemException {
    String pem =
        BLOCK.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,\n  00ff\n\n");

    PemBlock block = parse(pem).blocks().get(0);

    assertThat(block.headers())
        .containsExactly(
            java.util.Map.entry("Proc-Type", "4,ENCRYPTED"),
            java.util.Map.entry("DEK-Info", "AES-256-CBC,00ff"));
    assertThat(block.der()).isEqualTo(CONTENT);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(delimiter = '|', textBlock = """
          ''                                                          | test.pem: empty (expected: PEM
          hello                                                       | test.pem: not PEM (expected:
          -----BEGIN A-----                                           | line 1: the file ends within the block
          -----BEGIN A-----/AAAA                                      | line 2: the file ends within the block
          -----BEGIN A-----/AAAA/-----END B-----                      | line 3: END B (expected: END A, which line 1 begins)
          -----BEGIN A-----/AAAA/-----BEGIN A-----/AAAA/-----END A----- | line 3: another BEGIN
          -----BEGIN A-----/AA#A/-----END A-----                      | line 2: the base64 is damaged
          -----BEGIN A-----/AAA=/AAAA/-----END A-----                 | line 3: the base64 is damaged
          -----BEGIN A-----/A/-----END A-----                         | line 3: the base64 is cut short or wrongly padded
          -----BEGIN A-----/AAA/-----END A-----                       | line 3: the base64 is cut short or wrongly padded
          -----BEGIN A-----/AA=/-----END A-----                       | line 3: the base64 is cut short or wrongly padded
          -----BEGIN A-----/AAAA=/-----END A-----                     | line 3: the base64 is cut short or wrongly padded
          -----BEGIN A-----/K: v/AAAA/-----END A-----                 | line 3: no empty line after the headers
          -----BEGIN A-----/K: v/K: w//AAAA/-----END A-----           | line 3: a header for the second time
          -----BEGIN A                                                | line 1: a BEGIN line without its closing dashes
          -----BEGIN A-----AAAA-----END A-----                        | line 1: text after the closing dashes: its line breaks were lost
          """)
  void damagedPem_isRefused_withTheLineAndTheReason(String lines, String message) {
    assertThatThrownBy(() -> parse(lines.replace('/', '\n')))
        .isInstanceOf(PemException.class)
        .hasMessageStartingWith("test.pem")
        .hasMessageContaining(message);
  }

  @Test
  void binaryDerAndUtf16_areNamed() {
    assertThatThrownBy(() -> Pem.parse(new byte[] {0x30, (byte) 0x82, 1, 1}, "test.der"))
        .hasMessageContaining("test.der: binary DER, not PEM");
    assertThatThrownBy(() -> Pem.parse(BLOCK.getBytes(StandardCharsets.UTF_16), "test.pem"))
        .hasMessageContaining("test.pem: UTF-16 text");
  }

  @Test
  void aHundredBlocks_areRead_andNotOneMore() throws PemException {
    String hundred = "-----BEGIN A-----\n-----END A-----\n".repeat(Pem.MAX_BLOCKS);

    assertThat(parse(hundred).blocks()).hasSize(Pem.MAX_BLOCKS);
    assertThatThrownBy(() -> parse(hundred + BLOCK)).hasMessageContaining("more than 100 blocks");
  }

  @Test
  void aMebibyte_isRead_andNotOneByteMore(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("long.pem");
    byte[] whole = Arrays.copyOf(BLOCK.getBytes(ISO_8859_1), Pem.MAX_BYTES);
    Arrays.fill(whole, BLOCK.length(), whole.length, (byte) '\n');
    Files.write(file, whole);
    assertThat(Pem.read(file).blocks()).hasSize(1);

    Files.write(file, Arrays.copyOf(whole, Pem.MAX_BYTES + 1));
    assertThatThrownBy(() -> Pem.read(file))
        .isInstanceOf(PemException.class)
        .hasMessageContaining("more than 1048576");
  }

  @Test
  void aMissingFile_isAnInputOutputError(@TempDir Path folder) {
    assertThatThrownBy(() -> Pem.read(folder.resolve("absent.pem")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void close_wipesEveryBlock() throws PemException {
    Pem pem = parse(BLOCK + BLOCK);
    byte[] first = pem.blocks().get(0).der();
    byte[] second = pem.blocks().get(1).der();

    pem.close();

    assertThat(first).containsOnly(0);
    assertThat(second).containsOnly(0);
  }

  @Test
  void noMessage_quotesTheContent() {
    String secret = "S3CRETS3CRETS3CRET";
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    for (String pem : new String[] {
      secret,
      "-----BEGIN KEY-----\n" + secret,
      "-----BEGIN KEY-----\n" + secret + "#\n-----END KEY-----",
      "-----BEGIN KEY-----\n" + secret + "\n-----BEGIN KEY-----",
      "-----BEGIN KEY-----" + secret + "-----END KEY-----",
      "-----BEGIN KEY-----\n" + secret + ":\n" + secret + "\n-----END KEY-----",
      "-----BEGIN KEY-----\n" + secret + ":\n" + secret + ":\n\nAAAA\n-----END KEY-----",
    }) {
      assertThatThrownBy(() -> parse(pem))
          .satisfies(e -> messages.writeBytes(e.toString().getBytes(ISO_8859_1)));
    }
    assertThat(messages.toString(ISO_8859_1)).contains("test.pem").doesNotContain(secret);
  }

  private static Pem parse(String text) throws PemException {
    return Pem.parse(text.getBytes(ISO_8859_1), "test.pem");
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void headerThatNeverEnds_isRefusedAtOnce() {
    String lines = "-----BEGIN CERTIFICATE-----\nA: b\n" + " x\n".repeat(300_000);

    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () -> assertThatExceptionOfType(PemException.class)
            .isThrownBy(() -> Pem.parse(lines.getBytes(StandardCharsets.US_ASCII), "endless.pem"))
            .withMessageContaining("a header of more than 1024 bytes"));
  }
}
