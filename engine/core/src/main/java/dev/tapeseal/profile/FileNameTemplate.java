package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How media files are named: parts such as <code>{call-uuid}</code> with text between them. That
 * there is a template, and of which nine parts, is documented; its syntax and rules are ours.
 *
 * <p><b>Names are unique.</b> A template must have <code>{id}</code>, and at least one {@code _}
 * between any two parts. No value brings an underscore of its own, but the one that every time has
 * in its middle, so all names of a template have equally many, and the identifier stands between
 * the same two of them: whoever has the name can read the identifier out of it, so names differ
 * where identifiers do.
 *
 * <p><b>Names are safe.</b> Values come from callers and other systems; in a name they are letters,
 * digits, {@code +}, {@code @} and {@code -}, other characters become {@code -}. A name never
 * begins with {@code .}, {@code -} or {@code
 * @}, and is at most {@link #MAX_LENGTH} characters long; the values other than the identifier are
 * cut where it would be longer. An {@code _} in an identifier becomes {@code +}, which identifiers
 * do not have.
 *
 * <p>Immutable and safe for any thread.
 */
public final class FileNameTemplate {
  /**
   * The longest name, its extension not counted; leaves room for that, and for the suffixes of
   * companion files.
   */
  public static final int MAX_LENGTH = 191;

  private static final int MAX_LITERAL_LENGTH = 24;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*\\}");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9_-]*");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String text;
  private final List<FileNamePart> parts;
  private final List<String> literals; // before each part, and after the last one

  private FileNameTemplate(String text, List<FileNamePart> parts, List<String> literals) {
    this.text = text;
    this.parts = List.copyOf(parts);
    this.literals = List.copyOf(literals);
  }

  /**
   * Reads a template, for example <code>{call-uuid}_{mcp-date-time}_{id}</code>.
   *
   * @throws IllegalArgumentException where its names would not be unique or not safe
   */
  public static FileNameTemplate parse(String text) {
    List<FileNamePart> parts = new ArrayList<>();
    List<String> literals = new ArrayList<>();
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int end = 0;
    while (placeholder.find()) {
      literals.add(text.substring(end, placeholder.start()));
      parts.add(part(placeholder.group(), text));
      end = placeholder.end();
    }
    literals.add(text.substring(end));
    check(text, parts, literals);
    return new FileNameTemplate(text, parts, literals);
  }

  private static FileNamePart part(String placeholder, String text) {
    return Arrays.stream(FileNamePart.values())
        .filter(part -> part.placeholder().equals(placeholder))
        .findFirst()
        .orElseThrow(() -> refused(
            text,
            "parts of these: "
                + Arrays.stream(FileNamePart.values())
                    .map(FileNamePart::placeholder)
                    .collect(Collectors.joining(" "))));
  }

  private static void check(String text, List<FileNamePart> parts, List<String> literals) {
    Set<FileNamePart> distinct = EnumSet.noneOf(FileNamePart.class);
    distinct.addAll(parts);
    if (!distinct.contains(FileNamePart.ID)) {
      throw refused(text, "{id} in it, since names must be unique");
    }
    if (distinct.size() != parts.size()) {
      throw refused(text, "every part once");
    }
    if (literals.subList(1, parts.size()).stream().anyMatch(between -> !between.contains("_"))) {
      throw refused(text, "'_' between any two parts, since names must be unique");
    }
    if (!literals.stream().allMatch(literal -> LITERAL.matcher(literal).matches())) {
      throw refused(text, "letters, digits, '_' or '-' around the parts");
    }
    if (literals.get(0).startsWith("-")) {
      throw refused(text, "no '-' at its beginning");
    }
    if (literals.stream().mapToInt(String::length).sum() > MAX_LITERAL_LENGTH) {
      throw refused(text, "at most " + MAX_LITERAL_LENGTH + " characters around the parts");
    }
  }

  private static IllegalArgumentException refused(String text, String expected) {
    return new IllegalArgumentException(
        "file name template " + Shown.of(text) + " (expected: " + expected + ")");
  }

  /** The name of a media file, without an extension. */
  public String name(FileNameFacts facts) {
    String name = name(facts, MAX_LENGTH);
    if (name.length() <= MAX_LENGTH) {
      return name;
    }
    int fixed = literals.stream().mapToInt(String::length).sum();
    int cuttable = 0;
    for (FileNamePart part : parts) {
      boolean isWhole = part == FileNamePart.ID || part.isTime();
      fixed += isWhole ? value(part, facts).length() : 0;
      cuttable += isWhole ? 0 : 1;
    }
    return name(facts, Math.max(0, (MAX_LENGTH - 1 - fixed) / Math.max(1, cuttable)));
  }

  private String name(FileNameFacts facts, int maxValueLength) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      FileNamePart part = parts.get(i);
      String value = value(part, facts);
      boolean isWhole = part == FileNamePart.ID || part.isTime();
      name.append(literals.get(i));
      name.append(
          isWhole || value.length() <= maxValueLength ? value : value.substring(0, maxValueLength));
    }
    name.append(literals.get(parts.size()));
    // Only a value's first character can be one of these, and no template's name begins with '_'
    // otherwise but by its own text or an empty value; both leave the identifier where it is,
    // counted from the end.
    return name.charAt(0) == '-' || name.charAt(0) == '@' ? "_" + name : name.toString();
  }

  private static String value(FileNamePart part, FileNameFacts facts) {
    return switch (part) {
      case ID -> facts.id().replace('_', '+');
      case SIP_SERVER_APPLICATION_NAME -> safe(facts.sipServerApplicationName());
      case ANI -> safe(facts.ani());
      case DNIS -> safe(facts.dnis());
      case DATE_TIME -> time(facts.dateTime());
      case CALL_UUID -> safe(facts.callUuid());
      case CONNECTION_ID -> safe(facts.connectionId());
      case AGENT_ID -> safe(facts.agentId());
      case MCP_DATE_TIME -> time(facts.mcpDateTime());
    };
  }

  private static String safe(String value) {
    return value.replaceAll("[^A-Za-z0-9+@-]", "-");
  }

  private static String time(Instant time) {
    return TIME.format(time);
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
