package dev.tapeseal.proxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The connections to one crypto server that are free, no more than a number. Any thread. */
final class KeptConnections implements UpstreamConnection.Keeper {
  /** More players at once than this have connections of their own, which end with their answers. */
  static final int MAX_KEPT = 64;

  private final ArrayDeque<UpstreamConnection> free = new ArrayDeque<>(); // guarded by this

  /** The one that was used last, which its server has the least reason to have ended. */
  synchronized Optional<UpstreamConnection> take() {
    return Optional.ofNullable(free.pollLast());
  }

  @Override
  public synchronized boolean keeps(UpstreamConnection connection) {
    return free.size() < MAX_KEPT && free.add(connection);
  }

  @Override
  public synchronized void gone(UpstreamConnection connection) {
    free.remove(connection);
  }

  /** Ends them all: one was found ended, so that the others are likely to be. */
  void drop() {
    List<UpstreamConnection> all;
    synchronized (this) {
      all = new ArrayList<>(free);
      free.clear();
    }
    all.forEach(UpstreamConnection::drop);
  }
}
