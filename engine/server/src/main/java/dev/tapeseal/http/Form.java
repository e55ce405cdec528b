package dev.tapeseal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An uploaded form (RFC 7578), read out of a body that is in memory: its parts are views of the body, and are wiped with
 * it when the request is answered. Immutable.
 */
public final class Form {
  private static final int MAX_PARTS = 100;
  private static final int MAX_PART_HEADER_BYTES = 4096;
  private static final Pattern MEDIA_TYPE = Pattern.compile(
      "(?i)multipart/form-data[ \\t]*(?:;[^;]*)*?;[ \\t]*boundary=(?:\"([^\"]+)\"|([^\";\\s]+)).*");
  private static final Pattern BOUNDARY = Pattern.compile(
      "[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]"); // RFC 2046 section 5.1.1
  private static final Pattern DISPOSITION =
      Pattern.compile("(?im)^Content-Disposition:[ \\t]*form-data[ \\t]*;(.*)$");
  private static final Pattern TYPE =
      Pattern.compile("(?im)^Content-Type:[ \\t]*([\\x20-\\x7E]+?)[ \\t]*$");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(name|filename)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final List<Part> parts;

  private Form(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * One field of a form.
   *
   * @param fileName what the client calls the file; for show only, and never a path
   */
  public record Part(
      String name, Optional<String> fileName, Optional<String> mediaType, ByteBuffer content) {

    /** Takes a read-only view of the content. */
    public Part {
      content = content.asReadOnlyBuffer();
    }

    /** The content, each time from its beginning. */
    @Override
    public ByteBuffer content() {
      return content.duplicate();
    }

    /** A copy of the content, which the caller wipes where it is secret. */
    public byte[] bytes() {
      byte[] bytes = new byte[content.remaining()];
      content().get(bytes);
      return bytes;
    }

    /**
     * The content as text in UTF-8; not for what is secret.
     *
     * @throws HttpException 400 when it is not
     */
    public String text() {
      return Form.text(content());
    }

    @Override
    public String toString() {
      return "Part[" + name + ", " + content.remaining() + " bytes]";
    }
  }

  /** All parts in the order of the body. */
  public List<Part> parts() {
    return parts;
  }

  /** The first part of a name. */
  public Optional<Part> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /**
   * The first part of a name.
   *
   * @throws HttpException 400 where there is none
   */
  public Part requirePart(String name) {
    return part(name).orElseThrow(() -> bad("The form has no part '" + name + "'."));
  }

  static Form parse(Optional<String> contentType, byte[] body) {
    Matcher type = MEDIA_TYPE.matcher(contentType.orElse(""));
    if (!type.matches()) {
      throw new HttpException(
          415,
          "not-a-form",
          "The body is not multipart/form-data.",
          "Send a form, as 'curl -F' does.");
    }
    String boundary = type.group(1) == null ? type.group(2) : type.group(1);
    if (boundary == null || !BOUNDARY.matcher(boundary).matches()) {
      throw bad("The form's boundary is not one.");
    }
    return new Form(partsOf(body, ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static List<Part> partsOf(byte[] body, byte[] delimiter) {
    List<Part> parts = new ArrayList<>();
    byte[] first = new byte[delimiter.length - 2]; // it has no CRLF before it
    System.arraycopy(delimiter, 2, first, 0, first.length);
    if (!startsWith(body, 0, first)) {
      throw bad("The form does not begin with its boundary.");
    }
    int at = first.length;
    while (!startsWith(body, at, new byte[] {'-', '-'})) {
      if (!startsWith(body, at, new byte[] {'\r', '\n'})) {
        throw bad("A line of the form's boundary holds something else.");
      }
      int end = indexOf(body, delimiter, at, body.length);
      if (end < 0) {
        throw bad("The form does not end with its boundary.");
      }
      if (parts.size() == MAX_PARTS) {
        throw bad("The form has more than " + MAX_PARTS + " parts.");
      }
      parts.add(part(body, at + 2, end));
      at = end + delimiter.length;
    }
    return List.copyOf(parts);
  }

  private static Part part(byte[] body, int start, int end) {
    byte[] emptyLine = {'\r', '\n', '\r', '\n'};
    int limit = Math.min(end, start + MAX_PART_HEADER_BYTES);
    int headersEnd = indexOf(body, emptyLine, start, limit);
    if (headersEnd < 0) {
      throw bad("A part of the form has no headers, or too many.");
    }
    String headers = text(ByteBuffer.wrap(body, start, headersEnd - start));
    Matcher disposition = DISPOSITION.matcher(headers);
    if (!disposition.find()) {
      throw bad("A part of the form has no name.");
    }
    Optional<String> name = Optional.empty();
    Optional<String> fileName = Optional.empty();
    Matcher parameter = PARAMETER.matcher(disposition.group(1));
    while (parameter.find()) {
      Optional<String> value = Optional.of(parameter.group(2).replaceAll("\\\\(.)", "$1"));
      if (parameter.group(1).equalsIgnoreCase("name")) {
        name = value;
      } else {
        fileName = value;
      }
    }
    Matcher type = TYPE.matcher(headers);
    int content = headersEnd + emptyLine.length;
    return new Part(
        name.orElseThrow(() -> bad("A part of the form has no name.")),
        fileName,
        type.find() ? Optional.of(type.group(1)) : Optional.empty(),
        ByteBuffer.wrap(body, content, end - content).slice());
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw bad("The form holds text that is not UTF-8.");
    }
  }

  private static int indexOf(byte[] body, byte[] wanted, int from, int to) {
    for (int at = from; at <= to - wanted.length; at++) {
      if (startsWith(body, at, wanted)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] body, int at, byte[] wanted) {
    if (at + wanted.length > body.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (body[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static HttpException bad(String message) {
    return new HttpException(
        400, "bad-form", message, "Send the form as RFC 7578 has it, as 'curl -F' does.");
  }
}
