package dev.tapeseal.envelope;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What one recording holds open, closed in the opposite order, every one, whatever the others throw. */
final class OpenObjects implements AutoCloseable {
  private final Deque<AutoCloseable> objects = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T object) {
    objects.push(object);
    return object;
  }

  /** Closes all because of a failure, to which it adds its own. */
  void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Closes all; the first failure is thrown, the others are with it. */
  @Override
  public void close() throws IOException {
    Exception failure = null;
    while (!objects.isEmpty()) {
      try {
        objects.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure != null) {
      throw new IOException("closing failed", failure);
    }
  }
}
