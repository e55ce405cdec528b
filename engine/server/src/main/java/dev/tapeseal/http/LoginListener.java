package dev.tapeseal.http;

import java.net.InetAddress;

/** Told of logins, for the audit: on the thread that logs in, which it holds up. */
@FunctionalInterface
public interface LoginListener {

  /** Tells nobody. */
  LoginListener NOBODY = (outcome, name, from) -> {};

  /** What became of a login. */
  enum Outcome {
    /** The password was right. */
    ADMITTED,
    /** There is no such user, or the password was wrong. */
    REFUSED,
    /** Not looked at: the user or the address has failed too often. */
    LOCKED_OUT
  }

  /** A login came to an end. The name is what the client sent, of any form and length. */
  void login(Outcome outcome, String name, InetAddress from);
}
