package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Where a request's body goes as it comes. Confined to the event loop, but for what implementations say. */
interface Intake {

  /** How many bytes are wanted now; 0 when more are wanted later or never. */
  int room();

  /**
   * Takes bytes, no more than there is room for; the buffer is the caller's.
   *
   * @throws HttpException when they are too many in all
   */
  void take(ByteBuf bytes);

  /** All of the body was taken. */
  void end();

  /** There will be no more of it. */
  void fail(IOException failure);

  /** Gives back its memory; what is taken later is dropped. */
  void release();
}
