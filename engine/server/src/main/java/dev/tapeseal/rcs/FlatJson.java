package dev.tapeseal.rcs;

import dev.tapeseal.http.HttpException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON object whose members are all texts, as bytes that are wiped when it is closed. The general reader would leave
 * a key and its password in buffers and texts that live on. Strict: RFC 8259, no member twice, nothing after the object.
 * Confined to one thread.
 */
final class FlatJson implements AutoCloseable {
  private static final int MAX_MEMBERS = 32;

  private final byte[] document;
  private final Map<String, byte[]> members = new HashMap<>();
  private int at;

  private FlatJson(byte[] document) {
    this.document = document;
  }

  /**
   * Reads a document, which stays the caller's.
   *
   * @throws HttpException 400 where it is anything else
   */
  static FlatJson parse(byte[] document) {
    FlatJson json = new FlatJson(document);
    boolean complete = false;
    try {
      json.object();
      complete = true;
      return json;
    } finally {
      if (!complete) {
        json.close();
      }
    }
  }

  /** A member's text in UTF-8: not a copy, wiped with this. */
  Optional<byte[]> member(String name) {
    return Optional.ofNullable(members.get(name));
  }

  private void object() {
    expect('{');
    if (peek() == '}') {
      at++;
    } else {
      do {
        byte[] name = text();
        expect(':');
        byte[] value = text();
        byte[] before = members.put(new String(name, StandardCharsets.UTF_8), value);
        if (before != null || members.size() > MAX_MEMBERS) {
          Arrays.fill(before == null ? value : before, (byte) 0);
          throw bad("a member is there twice, or there are more than " + MAX_MEMBERS);
        }
      } while (comma());
      expect('}');
    }
    if (peek() >= 0) {
      throw bad("something follows the object");
    }
  }

  private boolean comma() {
    if (peek() != ',') {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw bad("expected " + wanted);
    }
    at++;
  }

  /** The next byte that is no white space, or -1. */
  private int peek() {
    while (at < document.length && " \t\r\n".indexOf(document[at]) >= 0) {
      at++;
    }
    return at < document.length ? document[at] : -1;
  }

  private byte[] text() {
    expect('"');
    int end = at;
    while (end < document.length && document[end] != '"') {
      end += document[end] == '\\' ? 2 : 1;
    }
    if (end >= document.length) {
      throw bad("a text does not end");
    }
    try (Wiped decoded = new Wiped(end - at)) {
      while (at < end) {
        int octet = document[at++];
        if (octet >= 0 && octet < ' ') {
          throw bad("a text holds a control character");
        }
        if (octet == '\\') {
          escape(decoded);
        } else {
          decoded.write(octet);
        }
      }
      at++;
      return decoded.toByteArray();
    }
  }

  private void escape(Wiped decoded) {
    int which = document[at++];
    int plain = "\"\\/bfnrt".indexOf(which);
    if (plain >= 0) {
      decoded.write("\"\\/\b\f\n\r\t".charAt(plain));
      return;
    }
    if (which != 'u') {
      throw bad("a text holds an unknown escape");
    }
    int code = hex();
    if (Character.isHighSurrogate((char) code)
        && at + 1 < document.length
        && document[at] == '\\'
        && document[at + 1] == 'u') {
      at += 2;
      int low = hex();
      if (Character.isLowSurrogate((char) low)) {
        decoded.utf8(Character.toCodePoint((char) code, (char) low));
        return;
      }
    }
    if (Character.isSurrogate((char) code)) {
      throw bad("a text holds half a character");
    }
    decoded.utf8(code);
  }

  private int hex() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < document.length ? Character.digit(document[at++], 16) : -1;
      if (digit < 0) {
        throw bad("a text holds an unknown escape");
      }
      code = code << 4 | digit;
    }
    return code;
  }

  private HttpException bad(String what) {
    return new HttpException(
        400,
        "not-json",
        "The body is not the JSON that this path takes: " + what + ", at byte " + at + ".",
        "Send an object whose members are texts.");
  }

  /** Never longer than the text that it is decoded of, so that it never leaves an array behind. */
  private static final class Wiped extends ByteArrayOutputStream {
    Wiped(int capacity) {
      super(Math.max(1, capacity));
    }

    void utf8(int code) {
      writeBytes(new String(Character.toChars(code)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      Arrays.fill(buf, (byte) 0);
    }
  }

  /** Wipes the members. */
  @Override
  public void close() {
    members.values().forEach(value -> Arrays.fill(value, (byte) 0));
  }

  @Override
  public String toString() {
    return "FlatJson" + members.keySet();
  }
}
