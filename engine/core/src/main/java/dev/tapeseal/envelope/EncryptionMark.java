package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells an encrypted recording from whatever else a file may be, by its first bytes and by what stands beside it.
 * Nothing is decrypted, and nothing is proven: a sound recording is told from a file that is not one, a damaged one may
 * be taken for sound.
 */
public final class EncryptionMark {
  /** How much of a file is looked at. */
  public static final int HEAD_BYTES = 64 * 1024;

  private static final int SEQUENCE = 0x30;
  private static final int LONG_FORM = 0x80;
  private static final byte[] SEALED = "TSL1".getBytes(StandardCharsets.US_ASCII);
  private static final List<byte[]> CONTENT_TYPES = List.of( // as DER has them
      new byte[] {6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 7, 3},
      new byte[] {6, 11, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 9, 16, 1, 23});
  private static final Pattern ARMOUR = Pattern.compile(
      "-----BEGIN (PKCS7|CMS|PKCS #7 [A-Z ]*)-----|application/(x-)?pkcs7-mime",
      Pattern.CASE_INSENSITIVE);

  private EncryptionMark() {}

  /** A file's first bytes, {@value #HEAD_BYTES} of them or fewer where it has fewer. */
  public static ByteBuffer head(RecordingSource source) throws IOException {
    try (SeekableByteChannel media = source.open(RecordingPart.MEDIA)) {
      if (media == null) {
        throw new IOException("a recording without media");
      }
      ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, Math.max(0, media.size())));
      while (head.hasRemaining() && media.read(head) >= 0) {
        // a channel may give less than it is asked for
      }
      return head.flip();
    }
  }

  /** Whether the bytes begin an envelope, armoured or not, or segmented ciphertext. */
  public static boolean isIn(ByteBuffer head) {
    byte[] bytes = new byte[head.remaining()];
    head.duplicate().get(bytes);
    if (startsWith(bytes, 0, SEALED)) {
      return true;
    }
    if (bytes.length > 2 && bytes[0] == SEQUENCE) {
      int length = bytes[1] & 0xFF;
      int content = 2 + (length > LONG_FORM ? length - LONG_FORM : 0);
      return CONTENT_TYPES.stream().anyMatch(type -> startsWith(bytes, content, type));
    }
    return ARMOUR.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find();
  }

  /** Whether an envelope stands beside the media, as it does beside a bare ciphertext. */
  public static boolean isBeside(RecordingSource source) throws IOException {
    for (RecordingPart part : RecordingPart.values()) {
      if (part != RecordingPart.MEDIA && part != RecordingPart.MAC) {
        try (SeekableByteChannel envelope = source.open(part)) {
          if (envelope != null) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] what) {
    return at + what.length <= bytes.length
        && Arrays.equals(bytes, at, at + what.length, what, 0, what.length);
  }
}
