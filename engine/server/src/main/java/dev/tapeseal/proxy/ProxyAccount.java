package dev.tapeseal.proxy;

import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Principal;
import dev.tapeseal.webservices.WebServices;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

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

  /**
   * Lets in this account and nobody else, as one that may play: for a crypto server in the same process as its proxy.
   */
  public Guard guard() {
    return request -> {
      byte[] sent =
          request.header("Authorization").orElse("").getBytes(StandardCharsets.ISO_8859_1);
      byte[] expected = authorization().getBytes(StandardCharsets.ISO_8859_1);
      try {
        if (!MessageDigest.isEqual(sent, expected)) {
          throw new HttpException(
              401,
              "not-authenticated",
              "Only the proxy of this process is let in here.",
              "Ask the crypto server's own address.");
        }
      } finally {
        Arrays.fill(sent, (byte) 0);
        Arrays.fill(expected, (byte) 0);
      }
      return new Guard.Admission(
          Optional.of(new Principal(name, Set.of(WebServices.DECRYPT))), Optional.empty());
    };
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
