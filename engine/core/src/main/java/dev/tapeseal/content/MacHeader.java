package dev.tapeseal.content;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first {@value #BYTES} bytes of a {@code .mac} file, in clear and under every tag: which file of tags it is,
 * and what the recording is bound to.
 */
public final class MacHeader {
  /** The header's length. */
  public static final int BYTES = 56;

  private static final byte[] MAGIC = {'T', 'S', 'M', '1'};
  private static final byte VERSION = 1;
  private static final byte SUITE_HMAC_SHA256 = 1;
  private static final int ID_BYTES = 16;

  private final byte[] id;
  private final byte[] contextDigest;

  private MacHeader(byte[] id, byte[] contextDigest) {
    this.id = id;
    this.contextDigest = contextDigest;
  }

  /** A header with a fresh id. */
  public static MacHeader generate(RecordingContext context, SecureRandom random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new MacHeader(id, context.digest());
  }

  /**
   * Reads a header from the first bytes of a {@code .mac} file.
   *
   * @throws DamagedContentException where it is none, or of a version or suite that is unknown
   */
  public static MacHeader parse(ByteBuffer bytes) throws DamagedContentException {
    byte[] magic = new byte[MAGIC.length];
    byte[] id = new byte[ID_BYTES];
    byte[] contextDigest = new byte[RecordingContext.DIGEST_BYTES];
    if (bytes.remaining() < BYTES) {
      throw new DamagedContentException(".mac file: " + bytes.remaining()
          + " bytes (expected: a header of " + BYTES + ", then tags)");
    }
    bytes.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DamagedContentException(".mac file: starts with "
          + HexFormat.ofDelimiter(" ").formatHex(magic) + " (expected: TSM1)");
    }
    int version = Byte.toUnsignedInt(bytes.get());
    int suite = Byte.toUnsignedInt(bytes.get());
    int zero = bytes.getShort();
    if (version != VERSION || suite != SUITE_HMAC_SHA256 || zero != 0) {
      throw new DamagedContentException(".mac file: version " + version + ", suite " + suite
          + ", reserved " + zero + " (expected: 1, 1, 0)");
    }
    bytes.get(id).get(contextDigest);
    return new MacHeader(id, contextDigest);
  }

  /** The header's {@value #BYTES} bytes. */
  public byte[] encoded() {
    return ByteBuffer.allocate(BYTES)
        .put(MAGIC)
        .put(VERSION)
        .put(SUITE_HMAC_SHA256)
        .putShort((short) 0)
        .put(id)
        .put(contextDigest)
        .array();
  }

  /** The 16 random bytes that name this file of tags, in lower-case hexadecimal. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  /** Whether the recording is bound to this context. */
  public boolean isBoundTo(RecordingContext context) {
    return Arrays.equals(contextDigest, context.digest());
  }

  /** The digest of the context that the recording is bound to, in lower-case hexadecimal. */
  public String contextDigest() {
    return HexFormat.of().formatHex(contextDigest);
  }

  byte[] salt() {
    return id.clone();
  }
}
