package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests to us and to nginx, which serves the same bytes: status, the headers that matter and the body are the
 * same, but where {@link Difference} says why not.
 */
class NginxOracleTest {
  private static final int REQUESTS = 5_000;
  private static final int LENGTH = 70_001;
  private static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");
  private static final String MODIFIED_TEXT = "Fri, 02 Jan 2026 03:04:05 GMT";
  private static final List<String> COMPARED = List.of(
      "Content-Range", "Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges");

  /** Where we differ from nginx on purpose, and the section of RFC 9110 that has it our way, or leaves it open. */
  private enum Difference {
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

  @TempDir
  Path folder;

  private final Content content = new Content(LENGTH);
  private Optional<Process> nginx = Optional.empty();
  private Optional<RawClient> theirs = Optional.empty();
  private int nginxPort;

  @BeforeEach
  void startNginx() throws Exception {
    Optional<Path> program =
        List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(program).as("nginx is not installed").isPresent();
    Path file = folder.resolve("call.wav");
    Files.write(file, Content.bytes(0, LENGTH));
    Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nginxPort = free.getLocalPort();
    }
    String temp = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
        .map(name -> name + "_temp_path " + folder + "/" + name + ";\n")
        .collect(Collectors.joining());
    Path configuration = Files.writeString(
        folder.resolve("nginx.conf"),
        "daemon off; master_process off; pid " + folder + "/pid; error_log " + folder
            + "/error.log;\nevents {}\nhttp {\n" + temp
            + "access_log off; keepalive_requests 1000000; if_modified_since before;\n"
            + "types { audio/wav wav; }\nserver { listen 127.0.0.1:" + nginxPort + "; root "
            + folder
            + "; }\n}\n");
    nginx = Optional.of(new ProcessBuilder(
            program.orElseThrow().toString(),
            "-p",
            folder.toString(),
            "-c",
            configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("nginx.out").toFile())
        .start());
    for (int attempt = 0; attempt < 200; attempt++) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), nginxPort)) {
        assertThat(probe.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException(
        "nginx does not listen: " + Files.readString(folder.resolve("nginx.out")));
  }

  @AfterEach
  void stopNginx() throws Exception {
    if (theirs.isPresent()) {
      theirs.get().close();
    }
    if (nginx.isPresent()) {
      nginx.get().destroy();
      nginx.get().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private RawClient toNginx() throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), nginxPort));
  }

  @Test
  void answers_areThoseOfNginx_butForTheListedDifferences() throws Exception {
    String tag;
    try (RawClient client = toNginx()) {
      tag = client.get("/call.wav", "").reply().header("ETag").orElseThrow();
    }
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<Difference, Integer> differences = new EnumMap<>(Difference.class);
    Router router = Router.of(Route.get("/call.wav")
        .handledBy(request -> Response.content(new Representation(
            content, LENGTH, Optional.of(tag), Optional.of(MODIFIED), "audio/wav"))));
    try (HttpServer server = HttpServer.builder(router).start();
        RawClient ours = RawClient.of(server)) {
      for (int i = 0; i < REQUESTS; i++) {
        Asked asked = new Asked(random.nextInt(20) == 0 ? "HEAD" : "GET", headers(random, tag));
        RawClient.Reply our = send(ours, asked);
        RawClient.Reply their = askNginx(asked);
        if (!essence(our).equals(essence(their))) {
          Optional<Difference> known = differenceOf(asked, our, their);
          assertThat(known)
              .as("seed %s, %s: ours %s, nginx %s", seed, asked, our.headers(), their.headers())
              .isPresent();
          differences.merge(known.orElseThrow(), 1, Integer::sum);
        }
      }
    }
    System.out.println(REQUESTS + " requests; differences " + differences);
    assertThat(differences.keySet()).as("seed %s", seed).containsExactly(Difference.values());
  }

  /** Nginx closes its connection after some answers, not always saying so: then another is made. */
  private RawClient.Reply askNginx(Asked asked) throws IOException {
    if (theirs.isPresent()) {
      try {
        return send(theirs.get(), asked);
      } catch (IOException e) {
        theirs.get().close();
      }
    }
    RawClient client = toNginx();
    theirs = Optional.of(client);
    return send(client, asked);
  }

  private static RawClient.Reply send(RawClient client, Asked asked) throws IOException {
    client.send(
        asked.method + " /call.wav HTTP/1.1\r\nHost: localhost\r\n" + asked.lines() + "\r\n");
    return asked.method.equals("HEAD") ? client.replyToHead() : client.reply();
  }

  /** What must be the same: of an error the status and the range, since its body is our own. */
  private static String essence(RawClient.Reply reply) {
    StringBuilder essence = new StringBuilder().append(reply.status());
    for (String name : COMPARED) {
      if (reply.status() < 400 || name.equals("Content-Range")) {
        essence.append("\n" + name + ": " + reply.header(name).orElse("none"));
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

  private static Map<String, String> headers(Random random, String tag) {
    Map<String, String> headers = new java.util.LinkedHashMap<>();
    if (random.nextInt(20) > 0) {
      headers.put("Range", range(random));
    }
    String weak = "W/" + tag;
    String other = "\"other\"";
    if (random.nextInt(4) == 0) {
      headers.put("If-Range", pick(random, tag, weak, other, MODIFIED_TEXT, date(random)));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Match", pick(random, tag, weak, other, "*", other + ", " + tag));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-None-Match", pick(random, tag, weak, other, "*", other + "," + tag));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Modified-Since", date(random));
    }
    if (random.nextInt(10) == 0) {
      headers.put("If-Unmodified-Since", date(random));
    }
    return headers;
  }

  private static String date(Random random) {
    return pick(
        random,
        MODIFIED_TEXT,
        "Fri, 02 Jan 2026 03:04:04 GMT",
        "Fri, 02 Jan 2026 03:04:06 GMT",
        "Friday, 02-Jan-26 03:04:05 GMT",
        "yesterday");
  }

  private static String range(Random random) {
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

  private static String element(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> number(random) + "-";
      case 3, 4 -> "-" + number(random);
      case 5 -> pick(random, "", "-", "x", "1", "1-2x", "--1", "1 - 2", "0x1-", "1-2-3", "+1-2");
      case 6, 7 -> {
        long first = random.nextInt(LENGTH);
        yield first + "-" + (first + random.nextInt(100));
      }
      default -> number(random) + "-" + number(random);
    };
  }

  private static String number(Random random) {
    long edge = new long[] {0, 1, 65_535, 65_536, LENGTH - 1, LENGTH, LENGTH + 1, 1L << 40}
        [random.nextInt(8)];
    return switch (random.nextInt(30)) {
      case 0 -> "99999999999999999999";
      case 1 -> String.format(Locale.ROOT, "%018d", edge);
      case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> Long.toString(edge);
      default -> Integer.toString(random.nextInt(LENGTH));
    };
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
