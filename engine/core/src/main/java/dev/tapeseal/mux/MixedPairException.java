package dev.tapeseal.mux;

/**
 * Thrown where one recording of a pair is encrypted and the other is not: they are not muxed, whatever options say. The
 * message names both, tells which one is plain and which certificate is missing, and what an administrator does about
 * it.
 */
public final class MixedPairException extends Exception {
  private final Plain plain;

  /** Which recording is not encrypted. */
  public enum Plain {
    CALL("deploy a recording certificate to the IVR profile of the call"),
    SCREEN("assign a screen recording certificate");

    private final String cure;

    Plain(String cure) {
      this.cure = cure;
    }
  }

  MixedPairException(String call, String screen, Plain plain) {
    super(message(call, screen, plain));
    this.plain = plain;
  }

  private static String message(String call, String screen, Plain plain) {
    return switch (plain) {
      case CALL ->
        "mixed pair: screen recording " + screen + " is encrypted, call recording " + call
            + " is plain: no recording certificate encrypted it (" + plain.cure
            + ", so that both are encrypted)";
      case SCREEN ->
        "mixed pair: call recording " + call + " is encrypted, screen recording " + screen
            + " is plain: no screen recording certificate encrypted it (" + plain.cure
            + ", so that both are encrypted)";
    };
  }

  /** Which recording is not encrypted. */
  public Plain plain() {
    return plain;
  }
}
