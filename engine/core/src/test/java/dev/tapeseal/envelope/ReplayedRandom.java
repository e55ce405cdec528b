package dev.tapeseal.envelope;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Gives the values that it was told to, in their order; the padding of RSA, which asks for others, gets ones. */
final class ReplayedRandom extends SecureRandom {
  private final transient Deque<byte[]> values = new ArrayDeque<>();

  ReplayedRandom(byte[]... values) {
    this.values.addAll(List.of(values));
  }

  /** Whether every value was asked for. */
  boolean isUsedUp() {
    return values.isEmpty();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] next = values.peek();
    if (next == null || next.length != bytes.length) {
      Arrays.fill(bytes, (byte) 1);
      return;
    }
    System.arraycopy(values.remove(), 0, bytes, 0, bytes.length);
  }
}
