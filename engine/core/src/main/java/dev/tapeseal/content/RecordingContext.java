package dev.tapeseal.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a recording's content is bound to, so that one recording cannot be passed off as another: each part is
 * empty when it is unknown.
 *
 * @param tenant whose recording it is
 * @param recordingId the recording's name in its store
 * @param mediaType for example {@code audio/mp3}
 * @param track which of the recording's media files, for example {@code call} or {@code screen}
 */
public record RecordingContext(String tenant, String recordingId, String mediaType, String track) {

  /** The length of {@link #digest}. */
  public static final int DIGEST_BYTES = 32;

  /** The context of a loose file. */
  public static final RecordingContext UNKNOWN = new RecordingContext("", "", "", "");

  /** SHA-256 over the four parts in their order, each as its length (u32, big-endian) and its UTF-8 bytes. */
  public byte[] digest() {
    MessageDigest digest = HmacSha256.sha256();
    addTo(digest, tenant);
    addTo(digest, recordingId);
    addTo(digest, mediaType);
    addTo(digest, track);
    return digest.digest();
  }

  private static void addTo(MessageDigest digest, String part) {
    byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
    digest.update(utf8);
  }
}
