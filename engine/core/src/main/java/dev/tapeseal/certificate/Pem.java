package dev.tapeseal.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A PEM file (RFC 7468, with the headers of RFC 1421): its blocks in their order, and what is odd about it.
 *
 * <p>Reading is liberal: text around the blocks, CRLF, a byte order mark, lines of any length and white space in
 * the base64 are accepted, and those that a bundle should not have are told by {@link #warnings}. It is bounded:
 * {@link #MAX_BYTES} and {@link #MAX_BLOCKS}. Blocks may be private keys, so close it: that wipes them.
 *
 * <pre>{@code
 * try (Pem pem = Pem.read(Path.of("bundle.pem"))) {
 *   pem.blocks().get(0).label(); // CERTIFICATE
 * }
 * }</pre>
 */
public final class Pem implements AutoCloseable {

  /** The most bytes that a PEM file may have. */
  public static final int MAX_BYTES = 1024 * 1024;

  /** The most blocks that a PEM file may have. */
  public static final int MAX_BLOCKS = 100;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final String source;
  private final List<PemBlock> blocks;
  private final List<String> warnings;

  private Pem(String source, List<PemBlock> blocks, List<String> warnings) {
    this.source = source;
    this.blocks = List.copyOf(blocks);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file, which may be a pipe.
   *
   * @throws IOException where the file cannot be read
   * @throws PemException where it is longer than {@link #MAX_BYTES}, or not PEM
   */
  public static Pem read(Path file) throws IOException, PemException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    try {
      return parse(bytes, file.toString());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Reads bytes, which stay the caller's.
   *
   * @param source what messages call them, usually a file's name
   * @throws PemException where there are more than {@link #MAX_BYTES}, or they are not PEM; at least one block is
   *     expected
   */
  public static Pem parse(byte[] bytes, String source) throws PemException {
    String name = PrintableText.of(source);
    if (bytes.length > MAX_BYTES) {
      throw new PemException(
          name + ": more than " + MAX_BYTES + " bytes (expected: a PEM file of at most that)");
    }
    PemParser parser = new PemParser(bytes, name);
    try {
      List<PemBlock> blocks = parser.parse();
      return new Pem(name, blocks, parser.warnings());
    } catch (PemException damaged) {
      parser.wipe();
      throw damaged;
    }
  }

  /**
   * Writes one block, in lines of 64 characters that end in a line feed.
   *
   * @param label for example {@code CERTIFICATE}
   * @return ASCII, which the caller wipes where it is a private key
   */
  public static byte[] encode(String label, byte[] der) {
    byte[] begin = ("-----BEGIN " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
    byte[] end = ("\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
    byte[] base64 = BASE64.encode(der);
    byte[] pem = Arrays.copyOf(begin, begin.length + base64.length + end.length);
    System.arraycopy(base64, 0, pem, begin.length, base64.length);
    System.arraycopy(end, 0, pem, begin.length + base64.length, end.length);
    Arrays.fill(base64, (byte) 0);
    return pem;
  }

  /** What messages call this file. */
  public String source() {
    return source;
  }

  /** The blocks in the file's order, at least one. */
  public List<PemBlock> blocks() {
    return blocks;
  }

  /** What was accepted and should not be there: text around the blocks, CRLF, a byte order mark; one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** Wipes every block. May be called more than once. */
  @Override
  public void close() {
    blocks.forEach(PemBlock::wipe);
  }

  @Override
  public String toString() {
    return source + ": " + blocks;
  }
}
