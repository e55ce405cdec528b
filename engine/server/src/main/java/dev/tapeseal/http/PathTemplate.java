package dev.tapeseal.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path with parameters, such as {@code /recordings/{id}/play/{mediaFile}}; see {@link Route}. */
final class PathTemplate {
  private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)(\\+?)}");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~-]*");

  private enum Kind {
    LITERAL,
    PARAMETER,
    PARAMETER_WITH_SLASHES
  }

  private record Segment(Kind kind, String text) {}

  private final String text;
  private final List<Segment> segments;

  private PathTemplate(String text, List<Segment> segments) {
    this.text = text;
    this.segments = segments;
  }

  static PathTemplate parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "path template: '" + text + "' (expected: to begin with '/')");
    }
    List<Segment> segments = new ArrayList<>();
    for (String part : text.substring(1).split("/", -1)) {
      Matcher parameter = PARAMETER.matcher(part);
      if (parameter.matches()) {
        Kind kind =
            parameter.end(2) > parameter.start(2) ? Kind.PARAMETER_WITH_SLASHES : Kind.PARAMETER;
        segments.add(new Segment(kind, parameter.group(1)));
      } else if (LITERAL.matcher(part).matches()) {
        segments.add(new Segment(Kind.LITERAL, part));
      } else {
        throw new IllegalArgumentException("path template: segment '" + part
            + "' (expected: letters, digits, '.', '_', '~', '-', or {name})");
      }
    }
    return new PathTemplate(text, List.copyOf(segments));
  }

  String text() {
    return text;
  }

  /** What makes a template come first among those that match: a literal before a parameter, from the left. */
  String precedence() {
    StringBuilder order = new StringBuilder();
    for (Segment segment : segments) {
      order.append(segment.kind == Kind.LITERAL ? '0' : '1');
    }
    return order.toString();
  }

  /** The same for templates that match the same paths. */
  String shape() {
    StringBuilder shape = new StringBuilder();
    for (Segment segment : segments) {
      shape.append('/').append(segment.kind == Kind.LITERAL ? segment.text : "{}");
    }
    return shape.toString();
  }

  /** The parameters' values where the path matches. */
  Optional<Map<String, String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < path.size(); i++) {
      Segment segment = segments.get(i);
      String value = path.get(i);
      boolean matches =
          segment.kind == Kind.LITERAL ? segment.text.equals(value) : !value.isEmpty();
      if (!matches) {
        return Optional.empty();
      }
      if (segment.kind != Kind.LITERAL) {
        values.put(segment.text, value);
      }
    }
    return Optional.of(values);
  }

  /** Whether a matching path holds an encoded slash where this template does not allow one. */
  boolean refusesSlashOf(List<String> path) {
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).indexOf('/') >= 0 && segments.get(i).kind != Kind.PARAMETER_WITH_SLASHES) {
        return true;
      }
    }
    return false;
  }
}
