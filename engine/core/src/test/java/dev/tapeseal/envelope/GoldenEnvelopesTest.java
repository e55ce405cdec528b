package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every element of envelopes, ours and OpenSSL's, as trees beside this test; the command that makes each heads it. */
class GoldenEnvelopesTest {

  @ParameterizedTest
  @EnumSource
  void ownRecording_hasThisTree(LengthForm form) throws IOException {
    MemoryRecording recording =
        Recordings.inForm(form, RecordingOptions.live(), randomBytes(100_000), 160, FIRST, SECOND);

    assertThat(BerTree.of(recording.media())).isEqualTo(golden("own-" + form));
  }

  @ParameterizedTest
  @CsvSource({
    "call-aes256.der",
    "call-stream.ber",
    "call-oaep-sha256.ber",
    "small-two-recipients.der",
    "small-keyid.der",
    "smime-small.der",
    "smime-call-stream.ber"
  })
  void messageByOpenSsl_hasThisTree(String sample) throws IOException {
    assertThat(BerTree.of(Samples.bytes("openssl/" + sample))).isEqualTo(golden(sample));
  }

  /** The tree without the comment that heads it. */
  private static String golden(String name) throws IOException {
    String resource = "golden/" + name + ".txt";
    try (InputStream in = GoldenEnvelopesTest.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).startsWith("# ");
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line + "\n")
          .collect(Collectors.joining());
    }
  }
}
