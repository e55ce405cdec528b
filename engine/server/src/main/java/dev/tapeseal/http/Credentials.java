package dev.tapeseal.http;

import java.util.Arrays;

/**
 * A name and a password as a JSON document brings them, by {@code request.json(Credentials.class)}. Closing it wipes the
 * password, which is an array for that.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Credentials(String user, char[] password) implements AutoCloseable {

  /** Refuses a document that lacks one of them: an {@code IllegalArgumentException}, answered 400. */
  @SuppressWarnings("ConstantConditions") // JSON knows null
  public Credentials {
    if (user == null || password == null) {
      throw new IllegalArgumentException("credentials (expected: user and password)");
    }
  }

  @Override
  public void close() {
    Arrays.fill(password, '\0');
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
