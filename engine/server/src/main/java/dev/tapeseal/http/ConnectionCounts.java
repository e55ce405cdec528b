package dev.tapeseal.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The open connections of a server, bounded for all and for each address. Any thread. */
final class ConnectionCounts {
  private final HttpLimits.Connections limits;
  private final Map<InetAddress, Integer> perAddress = new HashMap<>();
  private final Set<HttpConnection> open = new HashSet<>();

  ConnectionCounts(HttpLimits.Connections limits) {
    this.limits = limits;
  }

  /** Counts one in; false means that it is one too many. */
  synchronized boolean enter(HttpConnection connection) {
    InetAddress address = connection.remoteAddress().getAddress();
    int ofAddress = perAddress.getOrDefault(address, 0);
    if (open.size() >= limits.all() || ofAddress >= limits.perAddress()) {
      return false;
    }
    perAddress.put(address, ofAddress + 1);
    open.add(connection);
    return true;
  }

  /** Counts one out that was counted in. */
  synchronized void leave(HttpConnection connection) {
    if (open.remove(connection)) {
      perAddress.computeIfPresent(
          connection.remoteAddress().getAddress(),
          (address, count) -> count == 1 ? null : count - 1);
      notifyAll();
    }
  }

  synchronized Set<HttpConnection> open() {
    return Set.copyOf(open);
  }

  /** Waits until there are none; false when time is up before. */
  synchronized boolean awaitNone(long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    while (!open.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
