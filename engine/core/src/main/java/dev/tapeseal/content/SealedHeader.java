package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first {@value #BYTES} bytes of a sealed recording, in clear: {@value #BOUND_BYTES} of ours, to which every
 * segment is bound, and 40 as Tink's AesGcmHkdfStreaming has them.
 *
 * <pre>
 * "TSL1" | version u8 = 1 | suite u8 = 1 | log2(S) u8 | flags u8 = 0
 *        | fileId (16) | commitment (32) | context (32) | zero (40)
 * 0x28   | salt (32) | nonce prefix (7)
 * </pre>
 *
 * The commitment is derived from the session key, so that a file opens under one key only. Immutable.
 */
public final class SealedHeader {
  /** The header's length. */
  public static final int BYTES = 168;

  /** The segments of files and screens. */
  public static final int SEGMENT_BYTES = 64 * 1024;

  /** The segments of live audio: a crash loses about a second of it. */
  public static final int LIVE_SEGMENT_BYTES = 4 * 1024;

  /** The smallest segments. */
  public static final int MIN_SEGMENT_BYTES = 4 * 1024;

  /** The largest segments. */
  public static final int MAX_SEGMENT_BYTES = 1024 * 1024;

  static final int BOUND_BYTES = 128;
  static final int NONCE_PREFIX_BYTES = 7;

  private static final byte[] MAGIC = {'T', 'S', 'L', '1'};
  private static final byte VERSION = 1;
  private static final byte SUITE_AES_256_GCM_HKDF_SHA256 = 1;
  private static final byte FLAGS = 0;
  private static final int ID_BYTES = 16;
  private static final int COMMITMENT_BYTES = 32;
  private static final int SALT_BYTES = 32;
  private static final int ZERO_BYTES = 40;
  private static final byte TINK_HEADER_BYTES = 1 + SALT_BYTES + NONCE_PREFIX_BYTES;
  private static final int KEY_BYTES = 32;
  private static final String COMMITMENT_PURPOSE = "tapeseal/commitment/1";

  private final byte[] encoded;
  private final int segmentBytes;
  private final byte[] fileId = new byte[ID_BYTES];
  private final byte[] commitment = new byte[COMMITMENT_BYTES];
  private final byte[] contextDigest = new byte[RecordingContext.DIGEST_BYTES];
  private final byte[] salt = new byte[SALT_BYTES];
  private final byte[] noncePrefix = new byte[NONCE_PREFIX_BYTES];

  /** Takes a header that was checked, or made. */
  private SealedHeader(byte[] encoded) {
    this.encoded = encoded;
    ByteBuffer fields = ByteBuffer.wrap(encoded);
    this.segmentBytes = 1 << fields.get(MAGIC.length + 2);
    fields.position(MAGIC.length + 4);
    fields.get(fileId).get(commitment).get(contextDigest);
    fields.position(BOUND_BYTES + 1);
    fields.get(salt).get(noncePrefix);
  }

  /**
   * A header with a fresh file id, salt and nonce prefix.
   *
   * @param key the recording's session key, fresh for it
   * @param segmentBytes a power of two, {@value #MIN_SEGMENT_BYTES} to {@value #MAX_SEGMENT_BYTES}
   */
  public static SealedHeader generate(
      ContentEncryptionKey key, RecordingContext context, int segmentBytes, SecureRandom random) {
    requireSegmentBytes(segmentBytes);
    byte[] id = new byte[ID_BYTES];
    byte[] streamRandom = new byte[SALT_BYTES + NONCE_PREFIX_BYTES];
    random.nextBytes(id);
    random.nextBytes(streamRandom);
    return new SealedHeader(ByteBuffer.allocate(BYTES)
        .put(MAGIC)
        .put(VERSION)
        .put(SUITE_AES_256_GCM_HKDF_SHA256)
        .put((byte) Integer.numberOfTrailingZeros(segmentBytes))
        .put(FLAGS)
        .put(id)
        .put(commitment(key, id))
        .put(context.digest())
        .put(new byte[ZERO_BYTES])
        .put(TINK_HEADER_BYTES)
        .put(streamRandom)
        .array());
  }

  /** Refuses a segment size that no recording has. */
  public static void requireSegmentBytes(int segmentBytes) {
    if (segmentBytes < MIN_SEGMENT_BYTES
        || segmentBytes > MAX_SEGMENT_BYTES
        || Integer.bitCount(segmentBytes) != 1) {
      throw new IllegalArgumentException("segment: " + segmentBytes
          + " bytes (expected: a power of two, " + MIN_SEGMENT_BYTES + " to " + MAX_SEGMENT_BYTES
          + ")");
    }
  }

  /** Whether bytes begin as a sealed recording does; none of a CBC recording's do but by chance. */
  public static boolean startsWithMagic(ByteBuffer start) {
    return start.remaining() >= MAGIC.length
        && start.slice(start.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  /**
   * Reads a header from where a channel is.
   *
   * @throws DamagedContentException where it is none, or of a version, suite or flags that are unknown
   */
  public static SealedHeader read(ReadableByteChannel source) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    while (bytes.hasRemaining() && source.read(bytes) >= 0) {
      // a channel may give less than it is asked for
    }
    return parse(bytes.array(), bytes.position());
  }

  private static SealedHeader parse(byte[] header, int length) throws DamagedContentException {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    if (length < BYTES) {
      throw new DamagedContentException("sealed recording: " + length
          + " bytes (expected: a header of " + BYTES + ", then segments)");
    }
    if (!startsWithMagic(bytes)) {
      throw new DamagedContentException("sealed recording: starts with "
          + HexFormat.ofDelimiter(" ").formatHex(header, 0, MAGIC.length)
          + " (expected: TSL1)");
    }
    int at = MAGIC.length;
    int version = Byte.toUnsignedInt(bytes.get(at++));
    int suite = Byte.toUnsignedInt(bytes.get(at++));
    int log2 = Byte.toUnsignedInt(bytes.get(at++));
    int flags = Byte.toUnsignedInt(bytes.get(at));
    if (version != VERSION || suite != SUITE_AES_256_GCM_HKDF_SHA256 || flags != FLAGS) {
      throw new DamagedContentException("sealed recording: version " + version + ", suite " + suite
          + ", flags " + flags + " (expected: 1, 1, 0)");
    }
    if (log2 < Integer.numberOfTrailingZeros(MIN_SEGMENT_BYTES)
        || log2 > Integer.numberOfTrailingZeros(MAX_SEGMENT_BYTES)) {
      throw new DamagedContentException(
          "sealed recording: segments of 2^" + log2 + " bytes (expected: 2^12 to 2^20)");
    }
    if (!bytes
        .slice(BOUND_BYTES - ZERO_BYTES, ZERO_BYTES)
        .equals(ByteBuffer.allocate(ZERO_BYTES))) {
      throw new DamagedContentException(
          "sealed recording: the header's reserved bytes are not zero (expected: zeros)");
    }
    if (bytes.get(BOUND_BYTES) != TINK_HEADER_BYTES) {
      throw new DamagedContentException("sealed recording: byte " + BOUND_BYTES + " is "
          + Byte.toUnsignedInt(bytes.get(BOUND_BYTES)) + " (expected: " + TINK_HEADER_BYTES + ")");
    }
    return new SealedHeader(header);
  }

  /** The header's {@value #BYTES} bytes. */
  public byte[] encoded() {
    return encoded.clone();
  }

  /** How many bytes of the file every segment but the last has, tag and, in the first, header included. */
  public int segmentBytes() {
    return segmentBytes;
  }

  /** The 16 random bytes that name this file, in lower-case hexadecimal. */
  public String fileId() {
    return HexFormat.of().formatHex(fileId);
  }

  /** What binds the file to its session key, in lower-case hexadecimal. */
  public String commitment() {
    return HexFormat.of().formatHex(commitment);
  }

  /** The digest of the context that the recording is bound to, in lower-case hexadecimal. */
  public String contextDigest() {
    return HexFormat.of().formatHex(contextDigest);
  }

  /** Whether the recording is bound to this context. */
  public boolean isBoundTo(RecordingContext context) {
    return Arrays.equals(contextDigest, context.digest());
  }

  /** Whether this is the session key that the file was sealed under; takes the same time whatever the answer. */
  public boolean commitsTo(ContentEncryptionKey key) {
    return MessageDigest.isEqual(commitment, commitment(key, fileId));
  }

  /**
   * How many segments a file of so many bytes has.
   *
   * @throws DamagedContentException where no sealed recording has this length
   */
  public long segments(long fileBytes) throws DamagedContentException {
    return SegmentLayout.of(segmentBytes, fileBytes).segments();
  }

  /**
   * How much plaintext a file of so many bytes has; its last segment proves it.
   *
   * @throws DamagedContentException where no sealed recording has this length
   */
  public long plaintextBytes(long fileBytes) throws DamagedContentException {
    return SegmentLayout.of(segmentBytes, fileBytes).plaintextBytes();
  }

  private static byte[] commitment(ContentEncryptionKey key, byte[] fileId) {
    return HkdfSha256.derive(key, fileId, COMMITMENT_PURPOSE, COMMITMENT_BYTES);
  }

  /** The segments' key: it hangs on the first {@value #BOUND_BYTES} bytes too, so none of them can be changed. */
  ContentEncryptionKey deriveSegmentKey(ContentEncryptionKey sessionKey) {
    byte[] keyMaterial = sessionKey.copyBytes();
    byte[] derived =
        HkdfSha256.derive(keyMaterial, salt, Arrays.copyOf(encoded, BOUND_BYTES), KEY_BYTES);
    try {
      return ContentEncryptionKey.copyOf(derived);
    } finally {
      Arrays.fill(keyMaterial, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }

  byte[] noncePrefix() {
    return noncePrefix.clone();
  }
}
