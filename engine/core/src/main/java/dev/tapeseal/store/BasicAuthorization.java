package dev.tapeseal.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** What a client of HTTP sends in the header {@value #HEADER} to be known by name and password (RFC 7617). */
public final class BasicAuthorization {
  /** The header's name. */
  public static final String HEADER = "Authorization";

  private BasicAuthorization() {}

  /**
   * The header's value, in UTF-8. It is as secret as the password, and a {@code String}, as HTTP clients want it.
   *
   * @param userAndPassword {@code username:password}; stays the caller's, who wipes it
   */
  public static String of(char[] userAndPassword) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(userAndPassword));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    try {
      return "Basic " + Base64.getEncoder().encodeToString(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      for (int i = 0; i < encoded.limit(); i++) {
        encoded.put(i, (byte) 0);
      }
    }
  }

  /**
   * The header's value for a name and its password.
   *
   * @param user without colon, which the header could not carry
   * @param password stays the caller's, who wipes it
   */
  public static String of(String user, char[] password) {
    char[] both = new char[user.length() + 1 + password.length];
    user.getChars(0, user.length(), both, 0);
    both[user.length()] = ':';
    System.arraycopy(password, 0, both, user.length() + 1, password.length);
    try {
      return of(both);
    } finally {
      Arrays.fill(both, '\0');
    }
  }
}
