package dev.tapeseal.proxy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The user that the proxy is at crypto servers. The password is kept as bytes, and wiped by {@link #close}. */
public final class ProxyAccount implements AutoCloseable {
  private final String name;
  private final byte[] password;

  /**
   * Takes a copy of the password, which the caller wipes.
   *
   * @param name has no colon, which HTTP Basic could not carry
   */
  public ProxyAccount(String name, char[] password) {
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException("account: '" + name + "' (expected: a name without ':')");
    }
    this.name = name;
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    ByteBuffer encoded =
        ByteBuffer.allocate((int) Math.ceil(password.length * (double) encoder.maxBytesPerChar()));
    encoder.encode(CharBuffer.wrap(password), encoded, true);
    encoder.flush(encoded);
    this.password = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
  }

  /** The value of an {@code Authorization} header (RFC 7617). */
  String authorization() {
    byte[] user = (name + ":").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(user, user.length + password.length);
    System.arraycopy(password, 0, both, user.length, password.length);
    try {
      return "Basic " + Base64.getEncoder().encodeToString(both);
    } finally {
      Arrays.fill(both, (byte) 0);
    }
  }

  @Override
  public void close() {
    Arrays.fill(password, (byte) 0);
  }

  @Override
  public String toString() {
    return "ProxyAccount[" + name + "]";
  }
}
