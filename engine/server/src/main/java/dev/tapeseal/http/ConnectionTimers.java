package dev.tapeseal.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of one connection: for the head, between requests, for the body's rate, and for an answer that nobody
 * takes. One look every so often, rather than a timer for each. Confined to the event loop.
 */
final class ConnectionTimers {

  /** What is waited for. */
  private enum Phase {
    HEAD,
    NEXT_REQUEST,
    BODY,
    HANDLER,
    ANSWER
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

  private final Channel channel;
  private final HttpLimits limits;
  private final Listener listener;
  private final long tickMillis;
  private Phase phase = Phase.HEAD;
  private long sinceNanos;
  private long bodyBytes;
  private long bodyWaitNanos;
  private boolean bodyWaiting;
  private long progress;

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
    enter(Phase.HEAD);
    schedule();
  }

  void headStarted() {
    enter(Phase.HEAD);
  }

  void nextRequest() {
    enter(Phase.NEXT_REQUEST);
  }

  void handling() {
    enter(Phase.HANDLER);
  }

  void answering() {
    enter(Phase.ANSWER);
  }

  /** The client is asked for more of the body. */
  void bodyAsked() {
    if (phase != Phase.BODY) {
      enter(Phase.BODY);
      bodyBytes = 0;
      bodyWaitNanos = 0;
      bodyWaiting = false;
    }
    if (!bodyWaiting) {
      bodyWaiting = true;
      sinceNanos = System.nanoTime();
    }
  }

  /** Some of the body came. */
  void bodyCame(int bytes) {
    if (phase == Phase.BODY && bodyWaiting) {
      bodyWaiting = false;
      bodyWaitNanos += System.nanoTime() - sinceNanos;
      bodyBytes += bytes;
    }
  }

  private void enter(Phase next) {
    phase = next;
    sinceNanos = System.nanoTime();
    progress = -1;
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
    long elapsed = System.nanoTime() - sinceNanos;
    switch (phase) {
      case HEAD -> {
        if (elapsed > limits.heads().timeout().toNanos()) {
          listener.headLate();
        }
      }
      case NEXT_REQUEST -> {
        if (elapsed > limits.connections().idleTimeout().toNanos()) {
          listener.idle();
        }
      }
      case BODY -> {
        if (tooSlow(bodyWaitNanos + (bodyWaiting ? elapsed : 0))) {
          listener.bodySlow();
        }
      }
      case ANSWER -> lookAtProgress(elapsed);
      case HANDLER -> {}
    }
    schedule();
  }

  private boolean tooSlow(long waitNanos) {
    double late = (waitNanos - limits.bodies().grace().toNanos()) / 1e9;
    return late > 0 && bodyBytes < late * limits.bodies().bytesPerSecond();
  }

  private void lookAtProgress(long elapsed) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long now = buffer == null || buffer.isEmpty()
        ? -1
        : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    if (now == -1 || now != progress) {
      sinceNanos = System.nanoTime();
      progress = now;
    } else if (elapsed > limits.connections().writeStall().toNanos()) {
      listener.answerStalled();
    }
  }
}
