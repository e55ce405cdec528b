package dev.tapeseal.certificate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one PEM file, line by line, in a single pass. What OpenSSL reads it reads, and two things beyond: empty
 * lines within the base64 (files that were converted to CRLF twice) and white space before BEGIN. It is long because
 * the rules of where a line belongs share one position.
 */
final class PemParser {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** Longer than any line that matters: BEGIN and END lines and headers; base64 lines may be of any length. */
  private static final int MAX_TEXT_BYTES = 1024;

  private final byte[] bytes;
  private final String source;
  private final List<PemBlock> blocks = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private int next; // where the next line starts
  private int lineNumber;
  private int lineStart; // the current line, white space at both ends left out
  private int lineEnd;
  private boolean indented;

  private boolean carriageReturns;
  private boolean textAround;

  PemParser(byte[] bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  List<String> warnings() {
    return warnings;
  }

  void wipe() {
    blocks.forEach(PemBlock::wipe);
  }

  List<PemBlock> parse() throws PemException {
    skipByteOrderMark();
    while (nextLine()) {
      if (lineStartsWith(BEGIN)) {
        if (blocks.size() == Pem.MAX_BLOCKS) {
          throw damaged("more than " + Pem.MAX_BLOCKS + " blocks");
        }
        blocks.add(block());
      } else if (lineStart < lineEnd && !textAround) {
        textAround = true;
        warnings.add(source + ", line " + lineNumber + ": text outside the BEGIN and END lines");
      }
    }
    if (carriageReturns) {
      warnings.add(source + ": lines end in CR or CRLF (expected: LF)");
    }
    if (blocks.isEmpty()) {
      throw new PemException(source + ": " + whatItIsInstead());
    }
    return blocks;
  }

  private PemBlock block() throws PemException {
    int beginLine = lineNumber;
    String label = labelAfter(BEGIN);
    Map<String, String> headers = headers(label, beginLine);
    try (Base64Decoder decoder = new Base64Decoder((bytes.length - lineStart) / 4 * 3 + 3)) {
      boolean ended = false; // as in OpenSSL, lines of dashes behind the data are remarks
      while (!lineStartsWith(END)) {
        requireWithinBlock(label, beginLine);
        boolean isRemark = lineStartsWith("-");
        ended |= isRemark;
        for (int i = lineStart; i < lineEnd && !isRemark; i++) {
          if (ended || !decoder.accept(bytes[i])) {
            throw damaged("the base64 is damaged or has other text in it");
          }
        }
        requireLine(label, beginLine);
      }
      if (ended) {
        warnings.add(
            source + ": text after the data of block " + (blocks.size() + 1) + " (" + label + ")");
      }
      String endLabel = labelAfter(END);
      if (!endLabel.equals(label)) {
        throw damaged("END " + endLabel + " (expected: END " + label + ", which line " + beginLine
            + " begins)");
      }
      if (!decoder.isComplete()) {
        throw damaged("the base64 is cut short or wrongly padded");
      }
      return new PemBlock(label, headers, decoder.decoded(), blocks.size() + 1, beginLine);
    }
  }

  /** Reads the headers, if any, and leaves the first line of base64 as the current one. */
  private Map<String, String> headers(String label, int beginLine) throws PemException {
    Map<String, String> headers = new LinkedHashMap<>();
    String name = null;
    requireLine(label, beginLine);
    while (true) {
      int colon = colon();
      if (colon >= 0) {
        requireWithinBlock(label, beginLine);
        String text = lineText();
        name = text.substring(0, colon).strip();
        if (headers.putIfAbsent(name, text.substring(colon + 1).strip()) != null) {
          throw damaged("a header for the second time");
        }
      } else if (name != null && indented && lineStart < lineEnd) {
        String value = headers.get(name) + lineText();
        if (value.length() > MAX_TEXT_BYTES) {
          throw damaged("a header of more than " + MAX_TEXT_BYTES + " bytes");
        }
        headers.put(name, value);
      } else if (name != null && lineStart < lineEnd && !lineStartsWith(END)) {
        throw damaged("no empty line after the headers");
      } else {
        return headers;
      }
      requireLine(label, beginLine);
    }
  }

  private int colon() {
    for (int i = lineStart; i < lineEnd; i++) {
      if (bytes[i] == ':') {
        return i - lineStart;
      }
    }
    return -1;
  }

  private String labelAfter(String prefix) throws PemException {
    String text = lineText();
    int dashes = text.indexOf(DASHES, prefix.length());
    if (dashes < 0) {
      throw damaged(
          "a " + prefix.substring(DASHES.length()).strip() + " line without its closing dashes");
    }
    if (dashes + DASHES.length() != text.length()) {
      throw damaged(
          "text after the closing dashes: its line breaks were lost (expected: BEGIN and END on lines"
              + " of their own)");
    }
    return PrintableText.of(text.substring(prefix.length(), dashes).strip());
  }

  private void requireLine(String label, int beginLine) throws PemException {
    if (!nextLine()) {
      throw damaged("the file ends within the block (expected: END " + label + ", which line "
          + beginLine + " begins)");
    }
  }

  private void requireWithinBlock(String label, int beginLine) throws PemException {
    if (lineStartsWith(BEGIN)) {
      throw damaged(
          "another BEGIN (expected: END " + label + ", which line " + beginLine + " begins)");
    }
  }

  private boolean nextLine() {
    if (next >= bytes.length) {
      return false;
    }
    int start = next;
    int end = start;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    next = end + 1;
    if (end < bytes.length && bytes[end] == '\r') {
      carriageReturns = true;
      if (next < bytes.length && bytes[next] == '\n') {
        next++;
      }
    }
    lineNumber++;
    lineStart = start;
    lineEnd = end;
    while (lineStart < lineEnd && isBlank(bytes[lineStart])) {
      lineStart++;
    }
    while (lineStart < lineEnd && isBlank(bytes[lineEnd - 1])) {
      lineEnd--;
    }
    indented = lineStart > start;
    return true;
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }

  private boolean lineStartsWith(String prefix) {
    if (lineEnd - lineStart < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (bytes[lineStart + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String lineText() throws PemException {
    if (lineEnd - lineStart > MAX_TEXT_BYTES) {
      boolean isBegin = lineStartsWith(BEGIN);
      throw damaged(
          isBegin
              ? "text after the closing dashes: its line breaks were lost (expected: BEGIN and END on"
                  + " lines of their own)"
              : "a header of more than " + MAX_TEXT_BYTES + " bytes");
    }
    return new String(bytes, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
  }

  private void skipByteOrderMark() {
    if (bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      next = 3;
      warnings.add(source + ": a byte order mark at the start (expected: plain ASCII)");
    }
  }

  private String whatItIsInstead() {
    if (bytes.length == 0) {
      return "empty (expected: PEM, a text file with a -----BEGIN line)";
    }
    boolean utf16 =
        bytes.length >= 2 && (bytes[0] & bytes[1] & 0xFE) == 0xFE && bytes[0] != bytes[1];
    if (utf16) {
      return "UTF-16 text (expected: PEM in plain ASCII; save it anew in that encoding)";
    }
    if (bytes.length >= 2 && bytes[0] == 0x30 && (bytes[1] & 0x80) != 0) {
      return "binary DER, not PEM (expected: a text file with a -----BEGIN line; openssl converts it with"
          + " -inform DER -outform PEM)";
    }
    return "not PEM (expected: a text file with a -----BEGIN line)";
  }

  private PemException damaged(String what) {
    return new PemException(source + ", line " + lineNumber + ": " + what);
  }
}
