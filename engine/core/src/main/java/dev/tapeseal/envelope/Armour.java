package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a message may be wrapped in: nothing, PEM (RFC 7468), or S/MIME (RFC 8551). Told by its first
 * {@value #START_BYTES} bytes.
 */
enum Armour {
  NONE("none"),
  PEM("PEM"),
  SMIME("S/MIME");

  private static final int START_BYTES = 16 * 1024;
  private static final int SHOWN_BYTES = 8;
  private static final int SEQUENCE = 0x30;
  private static final Pattern PEM_BEGIN =
      Pattern.compile("(?m)^-----BEGIN ([^\\r\\n-]*)-----[ \\t]*\\r?\\n");
  private static final Pattern HEADERS_END = Pattern.compile("\\r?\\n\\r?\\n");
  private static final Pattern HEADER = Pattern.compile("[!-9;-~]+:.*", Pattern.DOTALL);
  private static final Pattern ENCODING =
      Pattern.compile("(?im)^content-transfer-encoding:[ \\t]*([^ \\t\\r\\n;]+)");
  private static final Pattern TYPE =
      Pattern.compile("(?im)^content-type:[ \\t]*([^ \\t\\r\\n;]+)");

  private final String label;

  Armour(String label) {
    this.label = label;
  }

  /** A message without its armour. */
  record Opened<C extends ReadableByteChannel>(Armour armour, C message) {}

  /** Takes the armour off a file. */
  static Opened<SeekableByteChannel> open(SeekableByteChannel file) throws IOException {
    file.position(0);
    Start start = Start.of(readStart(file));
    if (start.armour == NONE) {
      file.position(0);
      return new Opened<>(NONE, file);
    }
    return new Opened<>(start.armour, new Base64File(file, start.bodyOffset));
  }

  /** Takes the armour off what comes from a pipe. */
  static Opened<ReadableByteChannel> open(ReadableByteChannel pipe) throws IOException {
    ByteBuffer read = readStart(pipe);
    Start start = Start.of(read.duplicate());
    read.position(start.bodyOffset);
    ReadableByteChannel whole = new PrefixedChannel(read, pipe);
    return new Opened<>(start.armour, start.armour == NONE ? whole : new Base64Pipe(whole));
  }

  private static ByteBuffer readStart(ReadableByteChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(START_BYTES);
    while (start.hasRemaining() && channel.read(start) >= 0) {
      // a channel may give less than it is asked for
    }
    return start.flip();
  }

  @Override
  public String toString() {
    return label;
  }

  /** What the first bytes say: which armour, and where the message or its base64 begins. */
  private record Start(Armour armour, int bodyOffset) {

    static Start of(ByteBuffer bytes) throws EnvelopeException {
      if (!bytes.hasRemaining()) {
        throw new EnvelopeException.Malformed(0, "not an envelope: there is nothing, 0 bytes");
      }
      if (bytes.get(0) == SEQUENCE) {
        return new Start(NONE, 0);
      }
      byte[] shown = new byte[Math.min(SHOWN_BYTES, bytes.remaining())];
      bytes.get(0, shown);
      String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
      Matcher pem = PEM_BEGIN.matcher(text);
      if (pem.find()) {
        return pem(pem);
      }
      Matcher headersEnd = HEADERS_END.matcher(text);
      if (HEADER.matcher(text.substring(0, Math.max(0, text.indexOf('\n')))).matches()
          && headersEnd.find()) {
        return smime(text.substring(0, headersEnd.start() + 1), headersEnd.end());
      }
      throw new EnvelopeException.Malformed(
          0,
          "not an envelope: starts with "
              + HexFormat.ofDelimiter(" ").formatHex(shown)
              + " (expected: a CMS or PKCS#7 message in DER, BER, PEM or S/MIME)");
    }

    private static Start pem(Matcher begin) throws EnvelopeException {
      String what = begin.group(1);
      if (!what.equals("CMS") && !what.equals("PKCS7")) {
        throw new EnvelopeException.Malformed(
            0, "not an envelope: PEM with a " + printable(what) + " (expected: CMS or PKCS7)");
      }
      return new Start(PEM, begin.end());
    }

    private static Start smime(String headers, int bodyOffset) throws EnvelopeException {
      Matcher encoding = ENCODING.matcher(headers);
      Matcher type = TYPE.matcher(headers);
      if (!encoding.find() || !encoding.group(1).toLowerCase(Locale.ROOT).equals("base64")) {
        throw new EnvelopeException.Unsupported(
            "message: " + (type.find() ? printable(type.group(1)) : "mail")
                + " without Content-Transfer-Encoding base64 (expected: application/pkcs7-mime in base64)");
      }
      return new Start(SMIME, bodyOffset);
    }

    private static String printable(String foreign) {
      String shown = foreign.replaceAll("[^ -~]", "?");
      return shown.length() > 40 ? shown.substring(0, 40) + "…" : shown;
    }
  }
}
