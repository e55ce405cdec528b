package dev.tapeseal.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Text as it is kept in columns with an index, and as it is looked for there. Metadata have any text; PostgreSQL's
 * index takes no more than 2,700 bytes of it, and no NUL. So what is too long keeps its beginning and its digest.
 */
final class IndexedText {
  private static final int MAX_CHARS = 600;

  private IndexedText() {}

  static String of(String text) {
    String sound = text.replace('\0', '\ufffd');
    if (sound.length() <= MAX_CHARS) {
      return sound;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(sound.getBytes(StandardCharsets.UTF_8));
      int end = Character.isHighSurrogate(sound.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
      return sound.substring(0, end) + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
