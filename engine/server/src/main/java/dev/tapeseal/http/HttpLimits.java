package dev.tapeseal.http;

import java.time.Duration;

/** How much a client may ask of a server. */
public record HttpLimits(Heads heads, Bodies bodies, Connections connections, Threads threads) {

  /**
   * Request lines and headers.
   *
   * @param requestLineBytes a longer request line is answered 414
   * @param headerBytes longer headers are answered 431
   * @param headerFields more are answered 431
   * @param timeout from the first byte of a request, or from the connection, to the end of its headers
   */
  public record Heads(int requestLineBytes, int headerBytes, int headerFields, Duration timeout) {
    /** Refuses what would let nobody in. */
    public Heads {
      requireAtLeast("request line bytes", requestLineBytes, 64);
      requireAtLeast("header bytes", headerBytes, 256);
      requireAtLeast("header fields", headerFields, 8);
      requirePositive("header time-out", timeout);
    }
  }

  /**
   * Request bodies; how long one may be is said by its route.
   *
   * @param bytesPerSecond the least that a body must come at, after {@code grace}; 408 below it
   * @param grace how long a body may come more slowly
   * @param memoryBytes for all bodies that are held in memory at a time; beyond it 503
   */
  public record Bodies(int bytesPerSecond, Duration grace, long memoryBytes) {
    /** Refuses what would let nobody in. */
    public Bodies {
      requireAtLeast("body bytes per second", bytesPerSecond, 1);
      requirePositive("body grace", grace);
      requireAtLeast("body memory bytes", memoryBytes, 1024);
    }
  }

  /**
   * Connections; those beyond a number are closed at once.
   *
   * @param all of all clients
   * @param perAddress of one address
   * @param idleTimeout between an answer and the next request
   * @param writeStall how long a client may take nothing of an answer at all
   */
  public record Connections(int all, int perAddress, Duration idleTimeout, Duration writeStall) {
    /** Refuses what would let nobody in. */
    public Connections {
      requireAtLeast("connections", all, 1);
      requireAtLeast("connections per address", perAddress, 1);
      requirePositive("idle time-out", idleTimeout);
      requirePositive("write stall", writeStall);
    }
  }

  /**
   * Threads, and requests that wait for one.
   *
   * @param workers that handlers run on
   * @param uploads how many requests with a streamed body run at a time; beyond it 503
   * @param eventLoops that move bytes
   * @param waitingRequests that no worker has finished yet; beyond it 503
   */
  public record Threads(int workers, int uploads, int eventLoops, int waitingRequests) {
    /** Refuses what would let nobody in. */
    public Threads {
      requireAtLeast("workers", workers, 1);
      requireAtLeast("uploads", uploads, 1);
      requireAtLeast("event loops", eventLoops, 1);
      requireAtLeast("waiting requests", waitingRequests, 1);
    }
  }

  /** What suits a server on this machine. */
  public static HttpLimits standard() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new HttpLimits(
        new Heads(8 * 1024, 16 * 1024, 100, Duration.ofSeconds(10)),
        new Bodies(1024, Duration.ofSeconds(10), 64L * 1024 * 1024),
        // A client of 1 KB/s shows progress only when the kernel's buffers have drained: after a
        // minute or two.
        new Connections(4096, 1024, Duration.ofSeconds(60), Duration.ofMinutes(3)),
        new Threads(Math.max(8, 4 * processors), 8, Math.min(8, processors), 1024));
  }

  /** The same with other limits of heads. */
  public HttpLimits with(Heads other) {
    return new HttpLimits(other, bodies, connections, threads);
  }

  /** The same with other limits of bodies. */
  public HttpLimits with(Bodies other) {
    return new HttpLimits(heads, other, connections, threads);
  }

  /** The same with other limits of connections. */
  public HttpLimits with(Connections other) {
    return new HttpLimits(heads, bodies, other, threads);
  }

  /** The same with other threads. */
  public HttpLimits with(Threads other) {
    return new HttpLimits(heads, bodies, connections, other);
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= " + least + ")");
    }
  }

  private static void requirePositive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: more than 0)");
    }
  }
}
