package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.content.SealedHeader;
import dev.tapeseal.samples.CmsOracle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engine/FORMATS.md shows of a sealed recording is what is read and written today; its rescue reader reads it. */
class SealedDocumentTest {
  private static final byte[] PLAINTEXT = "Hello, recording".getBytes(US_ASCII);
  private static final HexFormat HEX = HexFormat.of();

  private FormatsDocument document = new FormatsDocument("");
  private MemoryRecording dumped = MemoryRecording.seekable();
  private String keys = "";

  @TempDir
  private Path folder;

  @BeforeEach
  void readDocument() throws IOException {
    document = FormatsDocument.read();
    dumped = MemoryRecording.of(document.dumpThatBegins("54 53 4c 31"))
        .with(RecordingPart.KEY_ENVELOPE, document.dumpThatBegins("30 82 03 81"));
    keys = document.blockThatBegins("{\"version\":1").strip();
  }

  @Test
  void dumps_areReadAsTheRecordingThatTheyShow() throws Exception {
    try (RecordingReader reader = RecordingReader.open(
        dumped,
        new PrivateKeyUnwrapper(FIRST),
        RecordingExpectation.authenticated(RecordingContext.UNKNOWN))) {
      assertThat(readAll(reader, 100)).isEqualTo(PLAINTEXT);
    }
    byte[] envelope = dumped.bytes(RecordingPart.KEY_ENVELOPE);
    assertThat(CmsOracle.decrypt(envelope, FIRST)).asString(UTF_8).isEqualTo(keys);
  }

  /** By the same session key, id, salt and nonce prefix, the media are written again to the byte. */
  @Test
  void media_areWrittenAgain() throws Exception {
    byte[] media = dumped.media();
    ReplayedRandom random = new ReplayedRandom(
        HEX.parseHex(member("sessionKey")),
        new byte[32], // of the key envelope
        Arrays.copyOfRange(media, 8, 24),
        Arrays.copyOfRange(media, 129, 168));

    MemoryRecording written = MemoryRecording.seekable();
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.SEALED,
        WrappedSessionKey.generate(
            RecordingFormat.SEALED, List.of(Recordings.certificate(FIRST)), random),
        written,
        RecordingOptions.live().withPlaintextBytes(PLAINTEXT.length),
        random)) {
      writer.write(ByteBuffer.wrap(PLAINTEXT));
    }

    assertThat(random.isUsedUp()).isTrue();
    assertThat(written.media()).isEqualTo(media);
  }

  @Test
  void keyAndNonceInTheText_openTheSegment() throws Exception {
    String vectors = document.text().substring(document.text().indexOf("Its segments' key is `"));
    String[] quoted = vectors.split("`", 5);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(HEX.parseHex(quoted[1]), "AES"),
        new GCMParameterSpec(128, HEX.parseHex(quoted[3])));

    byte[] media = dumped.media();
    assertThat(cipher.doFinal(media, SealedHeader.BYTES, media.length - SealedHeader.BYTES))
        .isEqualTo(PLAINTEXT);
    assertThat(HEX.formatHex(media, 8, 24)).isEqualTo(member("fileId"));
    assertThat(HEX.formatHex(media, 24, 56)).isEqualTo(member("commitment"));
  }

  @Test
  void numbersInTheText_areThoseOfTheCode() {
    assertThat(document.text())
        .contains("S is a power of two, %,d to %,d: %,d for live audio"
            .formatted(
                SealedHeader.MIN_SEGMENT_BYTES,
                SealedHeader.MAX_SEGMENT_BYTES,
                SealedHeader.LIVE_SEGMENT_BYTES))
        .contains("about a second, %,d otherwise".formatted(SealedHeader.SEGMENT_BYTES));
  }

  private String member(String name) {
    String begin = "\"" + name + "\":\"";
    int from = keys.indexOf(begin) + begin.length();
    return keys.substring(from, keys.indexOf('"', from));
  }

  /** Python reads what we seal, by the reader that the document prints; and refuses it where it was changed. */
  @Test
  void rescueReader_readsARecordingOfSeveralSegments_andRefusesAChangedOne() throws Exception {
    String python = python().orElse("");
    assumeTrue(!python.isEmpty(), "no python3 with the module cryptography (python3-cryptography)");
    Path script = folder.resolve("rescue.py");
    String source = document.blockThatBegins("#!/usr/bin/env python3\n");
    Files.writeString(script, source);
    byte[] plaintext = Recordings.randomBytes(200_000);
    for (RecordingOptions options : List.of(
        RecordingOptions.live(),
        RecordingOptions.live().withMac(Recordings.CONTEXT).withLiveSegments())) {
      Path media = folder.resolve("recording");
      Recordings.write(
          RecordingFormat.SEALED,
          part -> Files.newByteChannel(part.beside(media), CREATE, TRUNCATE_EXISTING, WRITE),
          options,
          plaintext,
          1000,
          FIRST);

      assertThat(rescued(python, script, media)).isEqualTo(plaintext);

      byte[] changed = Files.readAllBytes(media);
      changed[changed.length - 1] ^= 1;
      Files.write(media, changed);
      assertThat(rescued(python, script, media)).isEmpty();
    }
    assertThat(source.lines().count()).as("lines of the reader").isLessThanOrEqualTo(32);
  }

  private byte[] rescued(String python, Path script, Path media) throws Exception {
    Process process = new ProcessBuilder(
            python, script.toString(), FIRST.keyPath().toString(), media.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    var output = new ByteArrayOutputStream();
    process.getInputStream().transferTo(output);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return output.toByteArray();
  }

  private static Optional<String> python() throws InterruptedException {
    for (String command : List.of("python3", "/usr/bin/python3")) {
      try {
        Process process = new ProcessBuilder(command, "-c", "import cryptography")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        if (process.waitFor() == 0) {
          return Optional.of(command);
        }
      } catch (IOException e) {
        // not on the PATH
      }
    }
    return Optional.empty();
  }
}
