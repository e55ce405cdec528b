package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Where a request's body goes as it comes. Confined to the event loop, but for what implementations say. */
interface Intake {

  /**
   * Takes bytes; the buffer is the caller's.
   *
   * @throws HttpException when they are too many
   */
  void take(ByteBuf bytes);

  /** Whether more is wanted now. */
  boolean wantsMore();

  /** All of the body was taken. */
  void end();

  /** There will be no more of it. */
  void fail(IOException failure);

  /** Gives back its memory; what is taken later is dropped. */
  void release();
}
