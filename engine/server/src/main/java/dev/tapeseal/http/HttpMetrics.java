package dev.tapeseal.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What a server counts of itself: by method, route template and status, never by path. Any thread. */
final class HttpMetrics {
  private final Metrics metrics;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  HttpMetrics(Metrics metrics) {
    this.metrics = metrics;
    metrics.gauge("tapeseal_http_connections", "Open connections", connections::doubleValue);
    metrics.gauge(
        "tapeseal_http_running_requests",
        "Requests that are being answered",
        requests::doubleValue);
  }

  void connectionOpened() {
    connections.incrementAndGet();
  }

  void connectionClosed() {
    connections.decrementAndGet();
  }

  void connectionRefused(String reason) {
    metrics
        .counter(
            "tapeseal_http_refused_connections",
            "Connections closed at once, or before a request",
            "reason",
            reason)
        .add(1);
  }

  void requestStarted() {
    requests.incrementAndGet();
  }

  void requestEnded() {
    requests.decrementAndGet();
  }

  void answered(
      String method, String route, int status, Duration toFirstByte, Duration whole, long bytes) {
    metrics
        .counter(
            "tapeseal_http_requests",
            "Answered requests",
            "method",
            method,
            "route",
            route,
            "status",
            Integer.toString(status))
        .add(1);
    metrics
        .counter("tapeseal_http_response_bytes", "Bytes of answers' bodies", "route", route)
        .add((double) bytes);
    metrics
        .timing(
            "tapeseal_http_first_byte",
            "From a request's head to the first byte of its answer",
            "route",
            route)
        .record(toFirstByte);
    metrics
        .timing(
            "tapeseal_http_request",
            "From a request's head to the last byte of its answer",
            "route",
            route)
        .record(whole);
  }

  void cut(String route) {
    metrics
        .counter(
            "tapeseal_http_cut_answers",
            "Answers that failed after their first byte",
            "route",
            route)
        .add(1);
  }
}
