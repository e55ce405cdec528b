package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;

/** Where a request's body goes as it comes. Confined to the event loop, but for what implementations say. */
interface Intake {

  /** Whether more is wanted now. */
  enum Demand {
    MORE,
    LATER
  }

  /**
   * Takes bytes over; the caller releases the buffer.
   *
   * @throws HttpException when they are too many
   */
  Demand take(ByteBuf bytes);

  /** All of the body was taken. */
  void end();

  /** There will be no more of it. */
  void fail(java.io.IOException failure);

  /** Gives back its memory; what is taken later is dropped. */
  void release();
}
