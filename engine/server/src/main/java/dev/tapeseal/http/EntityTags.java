package dev.tapeseal.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of entity tags of {@code If-Match} and {@code If-None-Match}, and how tags compare (RFC 9110 section 8.8.3).
 */
final class EntityTags {
  private static final Pattern TAG =
      Pattern.compile("\\G[ \\t,]*((?:W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")[ \\t]*(?=,|$)");

  private EntityTags() {}

  /** Both strong, and the same. */
  static boolean strongly(String one, String other) {
    return one.equals(other) && !one.startsWith("W/");
  }

  /** The same, weak or not. */
  static boolean weakly(String one, String other) {
    return opaque(one).equals(opaque(other));
  }

  /** How two tags compare. */
  interface Comparison {
    boolean same(String one, String other);
  }

  /** Whether a header's list names the tag; {@code *} names every tag, and also none being there. */
  static boolean names(String header, java.util.Optional<String> entityTag, Comparison comparison) {
    if (header.strip().equals("*")) {
      return true;
    }
    if (entityTag.isEmpty()) {
      return false;
    }
    Matcher tags = TAG.matcher(header);
    while (tags.find()) {
      if (comparison.same(tags.group(1), entityTag.get())) {
        return true;
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
