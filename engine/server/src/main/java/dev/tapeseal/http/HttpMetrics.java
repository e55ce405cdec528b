package dev.tapeseal.http;

import java.time.Duration;

/** What a server counts of itself: by method, route template and status, never by path. Any thread. */
final class HttpMetrics {
  private final Metrics metrics;
  private final Metrics.Count connections;
  private final Metrics.Count requests;

  HttpMetrics(Metrics metrics) {
    this.metrics = metrics;
    this.connections = metrics.level("tapeseal_http_connections", "Open connections");
    this.requests =
        metrics.level("tapeseal_http_running_requests", "Requests that are being answered");
  }

  void connectionOpened() {
    connections.add(1);
  }

  void connectionClosed() {
    connections.add(-1);
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
    requests.add(1);
  }

  void requestEnded() {
    requests.add(-1);
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

  /** An answer with media, or what came of asking for some. */
  void played(String service, int status, Duration toFirstByte, long bytes) {
    metrics
        .counter(
            "tapeseal_playback_answers",
            "Answers to players, ranges among them by status 206 and 416",
            "service",
            service,
            "status",
            Integer.toString(status))
        .add(1);
    metrics
        .counter("tapeseal_playback_bytes", "Bytes of media sent to players", "service", service)
        .add(status < 300 ? (double) bytes : 0);
    metrics
        .timing(
            "tapeseal_playback_first_byte",
            "From a player's request to the first byte of its answer",
            "service",
            service)
        .record(toFirstByte);
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
