package dev.tapeseal.envelope;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;

/**
 * An envelope as a tree that people read: a line an element, its depth as indentation, how its length is written, and
 * what is the same in every file that is made alike. Random octets are only counted.
 */
final class BerTree {
  private static final int CONSTRUCTED = 0x20;
  private static final int CONTEXT = 0x80;

  private final ByteBuffer bytes;
  private final StringBuilder tree = new StringBuilder();

  private BerTree(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  static String of(byte[] message) {
    BerTree made = new BerTree(message);
    made.element(0);
    if (made.bytes.hasRemaining()) {
      throw new IllegalArgumentException(made.bytes.remaining() + " bytes behind the message");
    }
    return made.tree.toString();
  }

  /** Adds one element; false for the two zeros that end an indefinite length. */
  private boolean element(int depth) {
    int tag = bytes.get() & 0xff;
    int first = bytes.get() & 0xff;
    if (tag == 0 && first == 0) {
      return false;
    }
    tree.append("  ".repeat(depth)).append(name(tag));
    if (first == 0x80) {
      tree.append("  indefinite\n");
      while (element(depth + 1)) {}
      return true;
    }
    int length = first < 0x80 ? first : longLength(first & 0x7f);
    int end = bytes.position() + length;
    if ((tag & CONSTRUCTED) != 0) {
      tree.append(first == 0x85 ? "  definite in five octets\n" : "\n");
      while (bytes.position() < end) {
        element(depth + 1);
      }
    } else {
      byte[] value = new byte[length];
      bytes.get(value);
      tree.append("  ").append(value(tag, value));
      tree.append(first == 0x85 ? ", definite in five octets\n" : "\n");
    }
    return true;
  }

  private int longLength(int octets) {
    long length = 0;
    for (int i = 0; i < octets; i++) {
      length = length << Byte.SIZE | (bytes.get() & 0xff);
    }
    return Math.toIntExact(length);
  }

  private static String name(int tag) {
    if ((tag & CONTEXT) != 0) {
      return "[" + (tag & 0x1f) + "]";
    }
    return switch (tag) {
      case 0x02 -> "INTEGER";
      case 0x04, 0x24 -> "OCTET STRING";
      case 0x05 -> "NULL";
      case 0x06 -> "OBJECT IDENTIFIER";
      case 0x0c -> "UTF8String";
      case 0x13 -> "PrintableString";
      case 0x30 -> "SEQUENCE";
      case 0x31 -> "SET";
      default -> throw new IllegalArgumentException("tag 0x%02x in an envelope".formatted(tag));
    };
  }

  private static String value(int tag, byte[] value) {
    return switch (tag) {
      case 0x02 -> new BigInteger(value).toString();
      case 0x06 -> oid(value);
      case 0x0c, 0x13 -> new String(value, StandardCharsets.UTF_8);
      default -> value.length + " octets";
    };
  }

  private static String oid(byte[] value) {
    byte[] der = ByteBuffer.allocate(value.length + 2)
        .put((byte) 0x06)
        .put((byte) value.length)
        .put(value)
        .array();
    String dotted = ASN1ObjectIdentifier.getInstance(der).getId();
    return switch (dotted) {
      case "1.2.840.113549.1.7.3" -> dotted + " envelopedData";
      case "1.2.840.113549.1.7.1" -> dotted + " data";
      case "1.2.840.113549.1.1.1" -> dotted + " rsaEncryption";
      case "1.2.840.113549.1.1.7" -> dotted + " RSAES-OAEP";
      case "1.2.840.113549.1.1.8" -> dotted + " MGF1";
      case "2.16.840.1.101.3.4.1.42" -> dotted + " aes256-CBC";
      case "2.16.840.1.101.3.4.2.1" -> dotted + " sha256";
      default -> dotted;
    };
  }
}
