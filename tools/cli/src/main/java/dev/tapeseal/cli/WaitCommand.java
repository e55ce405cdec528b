package dev.tapeseal.cli;

import dev.tapeseal.settings.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Waits until a server is ready, for scripts that start one. */
@Command(
    name = "wait",
    description = "Waits until a server is ready.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 it is, 7 it was not in time."})
final class WaitCommand implements Callable<Integer> {
  private static final Duration BETWEEN = Duration.ofMillis(200);
  private static final int OK = 200;

  private final Terminal terminal;

  @Option(
      names = "--for",
      paramLabel = "ready|started|live",
      defaultValue = "ready",
      description = "What to wait for; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private State state;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long, such as 500ms, 30s or 2m; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Duration timeout;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Trusts an https server by these certificates (PEM); by those that Java has otherwise.")
  private @Nullable Path authorities;

  @Option(names = "--json", description = "Say how it ended as JSON.")
  private boolean json;

  @Parameters(paramLabel = "URL", description = "The server's, such as http://127.0.0.1:8080.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String url;

  WaitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What {@code /health} tells. */
  enum State {
    READY,
    STARTED,
    LIVE
  }

  /** A number and its unit. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(ms|s|m)");

    DurationConverter() {}

    @Override
    public Duration convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no duration (expected: such as 500ms, 30s or 2m)");
      }
      long number = Long.parseLong(form.group(1));
      return switch (String.valueOf(form.group(2))) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        default -> Duration.ofMinutes(number);
      };
    }
  }

  @Override
  public Integer call() throws Exception {
    URI probe = probe();
    HttpClient client = client();
    long deadline = System.nanoTime() + timeout.toNanos();
    long begun = System.nanoTime();
    String last = "nothing came back";
    boolean ready = false;
    do {
      Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
      try {
        HttpResponse<String> answer = client.send(
            HttpRequest.newBuilder(probe).timeout(left).build(),
            HttpResponse.BodyHandlers.ofString());
        ready = answer.statusCode() == OK;
        last = "status " + answer.statusCode() + " " + answer.body().strip();
      } catch (IOException e) {
        last = e.getMessage() == null ? "no answer" : "no answer: " + e.getMessage();
      }
      if (!ready) {
        Thread.sleep(
            Math.min(BETWEEN.toMillis(), Math.max(0, (deadline - System.nanoTime()) / 1_000_000)));
      }
    } while (!ready && System.nanoTime() < deadline);
    return report(ready, last, Duration.ofNanos(System.nanoTime() - begun)).number();
  }

  private HttpClient client() throws IOException {
    HttpClient.Builder builder = HttpClient.newBuilder();
    if (authorities != null) {
      Inputs.requireFile(authorities);
      builder.sslContext(TrustedAuthorities.read(authorities).context());
    }
    return builder.build();
  }

  private ExitCode report(boolean ready, String last, Duration waited) {
    String wanted = state.name().toLowerCase(Locale.ROOT);
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put(wanted, ready);
      report.put("milliseconds", waited.toMillis());
      Json.print(terminal.out(), report);
    }
    if (!ready) {
      terminal.note("tapeseal: " + url + " is not " + wanted + " after " + waited.toMillis()
          + " ms (" + last + ")");
    }
    return ready ? ExitCode.OK : ExitCode.NOT_READY;
  }

  private URI probe() {
    try {
      URI uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        return URI.create(uri + "/health/" + state.name().toLowerCase(Locale.ROOT));
      }
    } catch (IllegalArgumentException e) {
      throw notAnAddress();
    }
    throw notAnAddress();
  }

  private CommandException notAnAddress() {
    return new CommandException(
        ExitCode.USAGE, "'" + url + "' is no address (expected: such as http://127.0.0.1:8080)");
  }
}
