package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.io.channels.ByteArraySeekableByteChannel;

/**
 * The tools that judge our media: ffmpeg, ffprobe, sox, lame. A test that needs a missing one is
 * skipped.
 */
final class MediaTools {

  private static final Path VECTORS =
      Path.of(System.getProperty("tapeseal.root")).resolveSibling("shared").resolve("vectors");

  /** What a tool may say. */
  private enum Stderr {
    IGNORED,
    MUST_BE_EMPTY
  }

  private MediaTools() {}

  static void assumeInstalled(String... tools) {
    for (String tool : tools) {
      boolean found = Pattern.compile(File.pathSeparator)
          .splitAsStream(System.getenv().getOrDefault("PATH", ""))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
      assumeTrue(found, tool + " is not on PATH");
    }
  }

  /** What reads MP3 is a package of its own since Debian 13. */
  static void assumeSoxReadsMp3() throws IOException {
    assumeInstalled("sox");
    assumeTrue(
        Pattern.compile("FILE FORMATS:.* mp3\\b")
            .matcher(new String(run("sox", "--help"), StandardCharsets.UTF_8))
            .find(),
        "sox reads no MP3 (Debian: libsox-fmt-mp3)");
  }

  static Path vectors(String folder) {
    Path vectors = VECTORS.resolve(folder);
    assumeTrue(Files.isDirectory(vectors), "no public test vectors at " + vectors);
    return vectors;
  }

  /** Runs a command that must succeed, and answers what it wrote to stdout. */
  static byte[] run(String... command) throws IOException {
    return run(Stderr.IGNORED, command);
  }

  private static byte[] run(Stderr stderr, String... command) throws IOException {
    Path errors = Files.createTempFile("tool", ".err");
    try {
      Process process = new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectError(errors.toFile())
          .start();
      byte[] output = process.getInputStream().readAllBytes();
      int exit = process.waitFor();
      assertThat(exit)
          .as("exit of %s: %s", List.of(command), Files.readString(errors))
          .isZero();
      if (stderr == Stderr.MUST_BE_EMPTY) {
        assertThat(Files.readString(errors))
            .as("stderr of %s", List.of(command))
            .isEmpty();
      }
      return output;
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while " + command[0] + " ran");
    } finally {
      Files.delete(errors);
    }
  }

  static String text(String... command) throws IOException {
    return new String(run(command), StandardCharsets.UTF_8);
  }

  /** Runs a command that must succeed and must not say a word on stderr. */
  static byte[] quietly(String... command) throws IOException {
    return run(Stderr.MUST_BE_EMPTY, command);
  }

  /**
   * Decodes by ffmpeg to samples of 16 bits, every one of them: what a tag calls delay and padding,
   * too.
   */
  static byte[] decode(Path file) throws IOException {
    return quietly(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-xerror",
        "-flags2",
        "+skip_manual",
        "-i",
        file.toString(),
        "-f",
        "s16le",
        "-");
  }

  /** The sizes of a file's packets, as ffprobe finds them. */
  static List<Integer> packetSizes(Path file) throws IOException {
    return text(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "a",
            "-show_entries",
            "packet=size",
            "-of",
            "csv=p=0",
            file.toString())
        .lines()
        .map(line -> line.replace(",", "").strip())
        .filter(line -> !line.isEmpty())
        .map(Integer::valueOf)
        .toList();
  }

  static MediaSource open(byte[] content) throws IOException {
    return MediaSource.open(channel(content));
  }

  static SeekableByteChannel channel(byte[] content) {
    return ByteArraySeekableByteChannel.wrap(content);
  }

  /** All frames of a source, copied. */
  static List<byte[]> frames(MediaSource source) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    Frame frame = new Frame();
    while (source.next(frame)) {
      frames.add(bytes(frame.bytes()));
    }
    return frames;
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** The largest sample of 16 bits in a part of decoded audio. */
  static int loudest(byte[] samples, int from, int to) {
    ByteBuffer buffer = ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN);
    int loudest = 0;
    for (int at = from; at + 1 < to; at += 2) {
      loudest = Math.max(loudest, Math.abs(buffer.getShort(at)));
    }
    return loudest;
  }

  static byte[] concat(List<byte[]> parts) {
    ByteBuffer all =
        ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(all::put);
    return all.array();
  }
}
