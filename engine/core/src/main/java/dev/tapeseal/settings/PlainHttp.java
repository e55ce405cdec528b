package dev.tapeseal.settings;

/** To whom HTTP without TLS is spoken: passwords and recordings cross it as they are. */
public enum PlainHttp {
  /** To clients on this machine. */
  LOOPBACK,
  /** To all who reach the address, as behind a balancer that speaks TLS. */
  ANYWHERE
}
