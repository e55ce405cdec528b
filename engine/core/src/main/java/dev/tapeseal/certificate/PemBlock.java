package dev.tapeseal.certificate;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One block of a PEM file: what stands between a BEGIN and an END line.
 *
 * <p>It owns its bytes, which may be a private key: {@link Pem#close} wipes them. Its text form names the label and
 * the place, never the content.
 */
public final class PemBlock {
  private final String label;
  private final Map<String, String> headers;
  private final byte[] der;
  private final int position;
  private final int line;

  PemBlock(String label, Map<String, String> headers, byte[] der, int position, int line) {
    this.label = label;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    this.der = der;
    this.position = position;
    this.line = line;
  }

  /** What the BEGIN line names, for example {@code CERTIFICATE}. */
  public String label() {
    return label;
  }

  /** RFC 1421 headers in their order, for example {@code Proc-Type} and {@code DEK-Info}; usually none. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The block's own bytes, not a copy: all zeros once the file is closed. */
  public byte[] der() {
    return der;
  }

  /** Which block of the file this is, counted from 1. */
  public int position() {
    return position;
  }

  /** On which line of the file its BEGIN stands, counted from 1. */
  public int line() {
    return line;
  }

  void wipe() {
    Arrays.fill(der, (byte) 0);
  }

  @Override
  public String toString() {
    return "block " + position + " (" + label + ", line " + line + ")";
  }
}
