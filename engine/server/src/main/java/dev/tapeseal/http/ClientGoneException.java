package dev.tapeseal.http;

import java.io.IOException;

/** Thrown to what still works for a client that closed its connection: nobody is to be answered. */
final class ClientGoneException extends IOException {
  ClientGoneException() {
    super("the client went away");
  }
}
