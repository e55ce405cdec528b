package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sends the same random requests for the same content to us and to nginx: status, the headers that matter and the body
 * must be the same, but where {@link Difference} says why not.
 */
public final class RangeOracle {
  /** Stands in a request for the entity tag, which each of the two has its own of. */
  private static final String TAG = "\"@tag\"";

  private static final List<String> COMPARED = List.of(
      "Content-Range", "Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges");

  /** Around the blocks of the ciphers, and what is decrypted at a time. */
  private static final long[] EDGES = {
    0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 131_071, 131_072, 1L << 40
  };

  private static final DateTimeFormatter RFC_850 =
      DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH);

  /** Where we differ from nginx on purpose, and the section of RFC 9110 that has it our way, or leaves it open. */
  public enum Difference {
    /** Section 14.2: range handling is defined for GET alone; nginx answers HEAD with 206. */
    RANGE_OF_HEAD,
    /** Section 14.1.2: large numerals are anticipated; nginx refuses those beyond 63 bits. */
    LARGE_NUMERAL,
    /** Section 5.6.1.2: empty elements of a list are ignored; nginx refuses them. */
    EMPTY_ELEMENT,
    /** Section 17.15: many small ranges are ignored; nginx sends any number. */
    MANY_RANGES,
    /** Section 13.1.4: ignored beside If-Match; nginx asks both. */
    UNMODIFIED_BESIDE_MATCH,
    /** Section 13.1.4: ignored when it is no date; nginx answers 412. */
    UNMODIFIED_NO_DATE,
    /** Section 13.1.3: ignored beside If-None-Match; nginx asks both. */
    MODIFIED_BESIDE_NONE_MATCH
  }

  /**
   * One of the two.
   *
   * @param headerLines what every request to it has besides, each line with its CRLF
   */
  public record Side(int port, String path, String headerLines) {}

  private final Side our;
  private final Side their;
  private final int length;
  private final Instant modifiedAt;
  private final String modified;
  private final Map<Side, RawClient> clients = new LinkedHashMap<>();

  /**
   * Makes one for content of a length and a time of its last change.
   *
   * @param modifiedAt in whole seconds
   */
  public RangeOracle(Side our, Side their, int length, Instant modifiedAt) {
    this.our = our;
    this.their = their;
    this.length = length;
    this.modifiedAt = modifiedAt;
    this.modified = HttpDates.format(modifiedAt);
  }

  private record Asked(String method, Map<String, String> headers) {
    String lines() {
      return headers.entrySet().stream()
          .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
          .collect(Collectors.joining());
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    @Override
    public String toString() {
      return method + " " + headers;
    }
  }

  /** Compares so many answers, and tells how often which difference was met. */
  public Map<Difference, Integer> compare(int requests, long seed) throws IOException {
    Random random = new Random(seed);
    Map<Difference, Integer> differences = new EnumMap<>(Difference.class);
    try {
      Asked plain = new Asked("HEAD", Map.of());
      String ourTag = ask(our, plain, "").header("ETag").orElseThrow();
      String theirTag = ask(their, plain, "").header("ETag").orElseThrow();
      for (int i = 0; i < requests; i++) {
        Asked asked = new Asked(random.nextInt(20) == 0 ? "HEAD" : "GET", headers(random));
        RawClient.Reply ours = ask(our, asked, ourTag);
        RawClient.Reply theirs = ask(their, asked, theirTag);
        if (!essence(ours, ourTag).equals(essence(theirs, theirTag))) {
          Optional<Difference> known = differenceOf(asked, ours, theirs);
          assertThat(known)
              .as(
                  "seed %s, %s: ours %s %s, nginx %s %s",
                  seed, asked, ours.status(), ours.headers(), theirs.status(), theirs.headers())
              .isPresent();
          differences.merge(known.orElseThrow(), 1, Integer::sum);
        }
      }
      return differences;
    } finally {
      for (RawClient client : clients.values()) {
        client.close();
      }
      clients.clear();
    }
  }

  /** A server may close its connection after some answers, not always saying so: then another is made. */
  private RawClient.Reply ask(Side side, Asked asked, String tag) throws IOException {
    RawClient client = clients.get(side);
    if (client != null) {
      try {
        return send(client, side, asked, tag);
      } catch (IOException e) {
        client.close();
      }
    }
    RawClient another = new RawClient(new Socket(InetAddress.getLoopbackAddress(), side.port));
    clients.put(side, another);
    return send(another, side, asked, tag);
  }

  private static RawClient.Reply send(RawClient client, Side side, Asked asked, String tag)
      throws IOException {
    client.send(asked.method + " " + side.path + " HTTP/1.1\r\nHost: localhost\r\n"
        + side.headerLines + asked.lines().replace(TAG, tag) + "\r\n");
    return asked.method.equals("HEAD") ? client.replyToHead() : client.reply();
  }

  /** What must be the same: of an error the status and the range, since its body is our own. */
  private static String essence(RawClient.Reply reply, String tag) {
    StringBuilder essence = new StringBuilder().append(reply.status());
    for (String name : COMPARED) {
      if (reply.status() < 400 || name.equals("Content-Range")) {
        essence.append("\n" + name + ": " + reply.header(name).orElse("none").replace(tag, TAG));
      }
    }
    if (reply.status() < 400) {
      essence.append("\n\n" + reply.latin1());
    }
    return essence.toString().replaceAll("(boundary=|--)[0-9]{20}", "$1BOUNDARY");
  }

  private static Optional<Difference> differenceOf(
      Asked asked, RawClient.Reply our, RawClient.Reply their) {
    String range = asked.header("Range");
    String elements = range.replaceFirst("(?i)bytes=", "");
    if (asked.headers.containsKey("If-Unmodified-Since") && their.status() == 412) {
      if (asked.headers.containsKey("If-Match")) {
        return Optional.of(Difference.UNMODIFIED_BESIDE_MATCH);
      }
      if (!asked.header("If-Unmodified-Since").endsWith("GMT")) {
        return Optional.of(Difference.UNMODIFIED_NO_DATE);
      }
    }
    if (asked.headers.containsKey("If-Modified-Since")
        && asked.headers.containsKey("If-None-Match")
        && our.status() == 304) {
      return Optional.of(Difference.MODIFIED_BESIDE_NONE_MATCH);
    }
    if (asked.method.equals("HEAD") && our.status() == 200 && !range.isEmpty()) {
      return Optional.of(Difference.RANGE_OF_HEAD);
    }
    if (Pattern.compile("[0-9]{19}").matcher(range).find() && their.status() == 416) {
      return Optional.of(Difference.LARGE_NUMERAL);
    }
    if (Pattern.compile("(^|,) *(,|$)").matcher(elements).find() && their.status() == 416) {
      return Optional.of(Difference.EMPTY_ELEMENT);
    }
    if (elements.chars().filter(c -> c == ',').count() >= RangeHeader.MAX_RANGES
        && our.status() == 200
        && their.status() == 206) {
      return Optional.of(Difference.MANY_RANGES);
    }
    return Optional.empty();
  }

  private Map<String, String> headers(Random random) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (random.nextInt(20) > 0) {
      headers.put("Range", range(random));
    }
    String weak = "W/" + TAG;
    String other = "\"other\"";
    if (random.nextInt(4) == 0) {
      headers.put("If-Range", pick(random, TAG, weak, other, modified, date(random)));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Match", pick(random, TAG, weak, other, "*", other + ", " + TAG));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-None-Match", pick(random, TAG, weak, other, "*", other + "," + TAG));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Modified-Since", date(random));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Unmodified-Since", date(random));
    }
    return headers;
  }

  private String date(Random random) {
    return pick(
        random,
        modified,
        HttpDates.format(modifiedAt.minusSeconds(1)),
        HttpDates.format(modifiedAt.plusSeconds(1)),
        RFC_850.format(modifiedAt.atOffset(ZoneOffset.UTC)),
        "yesterday");
  }

  private String range(Random random) {
    String unit =
        pick(random, "bytes=", "bytes=", "bytes=", "bytes=", "bytes=", "Bytes=", "items=");
    if (random.nextInt(100) == 0) { // many of one byte, or many that overlap
      String end = pick(random, "", "-");
      int count = 60 + random.nextInt(20);
      return unit
          + IntStream.range(0, count)
              .mapToObj(i -> end.isEmpty() ? 10 * i + "-" + 10 * i : i + "-")
              .collect(Collectors.joining(","));
    }
    List<String> elements = new ArrayList<>();
    int count = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      elements.add(element(random));
    }
    return unit + String.join(pick(random, ",", ", ", " ,"), elements);
  }

  private String element(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> number(random) + "-";
      case 3, 4 -> "-" + number(random);
      case 5 -> pick(random, "", "-", "x", "1", "1-2x", "--1", "1 - 2", "0x1-", "1-2-3", "+1-2");
      case 6, 7 -> {
        long first = random.nextInt(length);
        yield first + "-" + (first + random.nextInt(100));
      }
      default -> number(random) + "-" + number(random);
    };
  }

  private String number(Random random) {
    long edge = EDGES[random.nextInt(EDGES.length)];
    if (random.nextInt(3) == 0) {
      edge = length - 1L + random.nextInt(3);
    }
    return switch (random.nextInt(30)) {
      case 0 -> "99999999999999999999";
      case 1 -> String.format(Locale.ROOT, "%018d", edge);
      case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> Long.toString(edge);
      default -> Integer.toString(random.nextInt(length));
    };
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
