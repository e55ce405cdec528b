package dev.tapeseal.http;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the connections of one server share.
 *
 * @param bodyMemory the bytes that are left for bodies in memory
 */
record Service(
    Router router,
    HttpLimits limits,
    Workers workers,
    Workers uploads,
    AtomicLong bodyMemory,
    HttpMetrics metrics,
    Clock clock,
    AtomicBoolean draining) {}
