package dev.tapeseal.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of one connection: for the head and between requests, for the rate of a body that is waited for, and for an
 * answer that nobody takes; body and answer may run at once. One look every so often, rather than a timer for each.
 * Confined to the event loop.
 */
final class ConnectionTimers {

  /** What of a request is waited for. */
  private enum Waiting {
    FOR_HEAD,
    FOR_REQUEST,
    FOR_NOTHING
  }

  /** Who is told. */
  interface Listener {
    void headLate();

    void idle();

    void bodySlow();

    void answerStalled();
  }

  private static final long MIN_TICK_MILLIS = 20;
  private static final long MAX_TICK_MILLIS = 1000;
  private static final long NOTHING_TO_SEND = -1;

  private final Channel channel;
  private final HttpLimits limits;
  private final Listener listener;
  private final long tickMillis;
  private Waiting waiting = Waiting.FOR_HEAD;
  private long waitingSinceNanos;
  private boolean bodyWaited;
  private long bodyAskedNanos;
  private long bodyWaitNanos;
  private long bodyBytes;
  private long unsentBytes = NOTHING_TO_SEND;
  private long unsentSinceNanos;

  ConnectionTimers(Channel channel, HttpLimits limits, Listener listener) {
    this.channel = channel;
    this.limits = limits;
    this.listener = listener;
    long shortest = Math.min(
        Math.min(limits.heads().timeout().toMillis(), limits.bodies().grace().toMillis()),
        Math.min(
            limits.connections().idleTimeout().toMillis(),
            limits.connections().writeStall().toMillis()));
    this.tickMillis = Math.max(MIN_TICK_MILLIS, Math.min(MAX_TICK_MILLIS, shortest / 4));
  }

  void start() {
    enter(Waiting.FOR_HEAD);
    schedule();
  }

  /** The first bytes of a head are there; what follows them has no effect. */
  void headStarted() {
    if (waiting != Waiting.FOR_HEAD) {
      enter(Waiting.FOR_HEAD);
    }
  }

  void headEnded() {
    enter(Waiting.FOR_NOTHING);
    bodyWaited = false;
    bodyWaitNanos = 0;
    bodyBytes = 0;
  }

  void nextRequest() {
    enter(Waiting.FOR_REQUEST);
    bodyWaited = false;
  }

  /** The client is asked for more of the body. */
  void bodyAsked() {
    if (!bodyWaited) {
      bodyWaited = true;
      bodyAskedNanos = System.nanoTime();
    }
  }

  /** Some of the body came. */
  void bodyCame(int bytes) {
    bodyBytes += bytes;
    if (bodyWaited) {
      bodyWaited = false;
      bodyWaitNanos += System.nanoTime() - bodyAskedNanos;
    }
  }

  private void enter(Waiting next) {
    waiting = next;
    waitingSinceNanos = System.nanoTime();
  }

  private void schedule() {
    channel
        .eventLoop()
        .schedule(this::tick, tickMillis, TimeUnit.MILLISECONDS)
        .addListener(future -> {
          if (!future.isSuccess()) {
            listener.idle(); // without its clocks a connection could stay forever
          }
        });
  }

  private void tick() {
    if (!channel.isOpen()) {
      return;
    }
    long now = System.nanoTime();
    long elapsed = now - waitingSinceNanos;
    if (waiting == Waiting.FOR_HEAD && elapsed > limits.heads().timeout().toNanos()) {
      listener.headLate();
    } else if (waiting == Waiting.FOR_REQUEST
        && elapsed > limits.connections().idleTimeout().toNanos()) {
      listener.idle();
    } else if (bodyWaited && tooSlow(bodyWaitNanos + (now - bodyAskedNanos))) {
      bodyWaited = false;
      listener.bodySlow();
    } else if (stalled(now)) {
      listener.answerStalled();
    }
    schedule();
  }

  private boolean tooSlow(long waitNanos) {
    double lateSeconds = (waitNanos - limits.bodies().grace().toNanos()) / 1e9;
    return lateSeconds > 0 && bodyBytes < lateSeconds * limits.bodies().bytesPerSecond();
  }

  private boolean stalled(long now) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long unsent = buffer == null || buffer.isEmpty()
        ? NOTHING_TO_SEND
        : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    if (unsent == NOTHING_TO_SEND || unsent != unsentBytes) {
      unsentBytes = unsent;
      unsentSinceNanos = now;
      return false;
    }
    return now - unsentSinceNanos > limits.connections().writeStall().toNanos();
  }
}
