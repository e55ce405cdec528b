package dev.tapeseal.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file behind HTTP, read at any position by Range requests (RFC 9110 section 14).
 *
 * <p>Reading on in order fetches ever more at a time, from 64 KiB up to 1 MiB, which is all that is held; a jump
 * starts small again. A request that fails in a way that may pass (no connection, a cut answer, 429, 502 to 504) is
 * repeated twice. All pieces are of one state of the file, by its size, entity tag and time (and If-Range, where the tag
 * is strong): a file that was changed in between is an error, which stays. Blocks; confined to one thread.
 *
 * <p>It is longer than most classes because every answer that a server may give to a range is judged here.
 */
public final class HttpRangeChannel implements SeekableByteChannel {
  private static final int MIN_FETCH_BYTES = 64 << 10;
  private static final int MAX_FETCH_BYTES = 1 << 20;
  private static final int ATTEMPTS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d{1,18})");

  private final HttpClient client;
  private final URI uri;
  private final Map<String, String> headers;
  private long size = -1;
  private String state = "";
  private String strongTag = "";
  private long position;
  private byte[] window = new byte[0];
  private long windowAt;
  private int fetchBytes = MIN_FETCH_BYTES;
  private boolean changed;
  private boolean open = true;

  private HttpRangeChannel(HttpClient client, URI uri, Map<String, String> headers) {
    this.client = client;
    this.uri = uri;
    this.headers = Map.copyOf(headers);
  }

  /**
   * Opens a file, with its first bytes.
   *
   * @param client stays its caller's
   * @param headers sent with every request: {@code Authorization}, for example
   * @throws NoSuchFileException where there is none (404, 410)
   * @throws AccessDeniedException where the server refuses it (401, 403)
   * @throws IOException where the server cannot be reached, serves no ranges, or fails
   */
  public static HttpRangeChannel open(HttpClient client, URI uri, Map<String, String> headers)
      throws IOException {
    HttpRangeChannel channel = new HttpRangeChannel(client, uri, headers);
    channel.fetch(0);
    return channel;
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    requireOpen();
    if (position >= size) {
      return -1;
    }
    if (!destination.hasRemaining()) {
      return 0;
    }
    if (position < windowAt || position >= windowAt + window.length) {
      boolean goesOn = position == windowAt + window.length;
      fetchBytes = goesOn ? Math.min(2 * fetchBytes, MAX_FETCH_BYTES) : MIN_FETCH_BYTES;
      fetch(position);
    }
    int from = Math.toIntExact(position - windowAt);
    int length = Math.min(destination.remaining(), window.length - from);
    destination.put(window, from, length);
    position += length;
    return length;
  }

  /** Fetches from a position, until it succeeds or there is no hope. */
  private void fetch(long from) throws IOException {
    if (changed) {
      throw changedMeanwhile();
    }
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        fetchOnce(from);
        return;
      } catch (PassingFailureException e) {
        if (attempt == ATTEMPTS) {
          throw new IOException(
              uri + ": " + e.getMessage() + " (" + ATTEMPTS + " times in a row)", e);
        }
      }
      sleep(pause);
      pause = pause.multipliedBy(4);
    }
  }

  private void fetchOnce(long from) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
        .timeout(TIMEOUT)
        .header("Range", "bytes=" + from + "-" + (from + fetchBytes - 1))
        .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (!strongTag.isEmpty()) {
      request.header("If-Range", strongTag);
    }
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(uri + ": interrupted while reading");
    } catch (IOException e) {
      throw new PassingFailureException("cannot be reached: " + reason(e), e);
    }
    try (InputStream body = answer.body()) {
      take(from, answer, body);
    }
  }

  private void take(long from, HttpResponse<InputStream> answer, InputStream body)
      throws IOException {
    switch (answer.statusCode()) {
      case 206 -> takePart(from, answer, body);
      case 200 -> {
        if (size >= 0) {
          changed = true;
          throw changedMeanwhile();
        }
        if (answer.headers().firstValueAsLong("content-length").orElse(-1) != 0) {
          throw new IOException(uri + ": the server serves no ranges (expected: status 206)");
        }
        size = 0;
      }
      case 416 -> {
        Matcher range = UNSATISFIED.matcher(header(answer, "content-range"));
        if (size >= 0 || !range.matches() || !range.group(1).equals("0")) {
          changed = true;
          throw changedMeanwhile();
        }
        size = 0; // an empty file has no range
      }
      case 404, 410 ->
        throw new NoSuchFileException(uri.toString(), null, "the server has no such file");
      case 401, 403 ->
        throw new AccessDeniedException(
            uri.toString(), null, "the server answers " + answer.statusCode());
      case 429, 502, 503, 504 ->
        throw new PassingFailureException("the server answers " + answer.statusCode(), null);
      default ->
        throw new IOException(
            uri + ": the server answers " + answer.statusCode() + " (expected: 206)");
    }
  }

  private void takePart(long from, HttpResponse<InputStream> answer, InputStream body)
      throws IOException {
    Matcher range = CONTENT_RANGE.matcher(header(answer, "content-range"));
    if (!range.matches()) {
      throw new IOException(
          uri + ": an answer without Content-Range (expected: bytes FIRST-LAST/SIZE)");
    }
    long total = Long.parseLong(range.group(3));
    long expectedLast = Math.min(from + fetchBytes, total) - 1;
    String now = state(answer);
    if (size >= 0 && (total != size || !now.equals(state))) {
      changed = true;
      throw changedMeanwhile();
    }
    if (Long.parseLong(range.group(1)) != from || Long.parseLong(range.group(2)) != expectedLast) {
      throw new IOException(uri + ": range " + range.group() + " (expected: " + from + "-"
          + expectedLast + ", as asked for)");
    }
    int length = Math.toIntExact(expectedLast - from + 1);
    byte[] bytes;
    try {
      bytes = body.readNBytes(length);
    } catch (IOException e) {
      throw new PassingFailureException("the answer was cut: " + reason(e), e);
    }
    if (bytes.length < length) {
      throw new PassingFailureException(
          "the answer was cut after " + bytes.length + " of " + length + " bytes", null);
    }
    window = bytes;
    windowAt = from;
    size = total;
    state = now;
    strongTag = strongTag(answer);
  }

  /** What tells states of a file apart, weak or strong: a server may make a tag strong when the file is old enough. */
  private static String state(HttpResponse<?> answer) {
    String tag = header(answer, "etag");
    return (tag.startsWith("W/") ? tag.substring(2) : tag) + " " + header(answer, "last-modified");
  }

  /** What If-Range may carry, RFC 9110 section 13.1.5: a strong entity tag; empty where there is none. */
  private static String strongTag(HttpResponse<?> answer) {
    String tag = header(answer, "etag");
    return tag.startsWith("\"") ? tag : "";
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String reason(IOException failure) {
    return Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName());
  }

  private IOException changedMeanwhile() {
    return new IOException(uri + ": was changed while it was read (expected: read it anew)");
  }

  private static void sleep(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position: " + newPosition + " (expected: >= 0)");
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return size;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    window = new byte[0];
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  /** One that another attempt may not have. */
  private static final class PassingFailureException extends IOException {
    private static final long serialVersionUID = 1;

    PassingFailureException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
