package dev.tapeseal.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.commons.io.channels.ByteArraySeekableByteChannel;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Media in a WebDAV collection (RFC 4918; RFC 2518 before it), under the archive layout: put, read back, deleted.
 *
 * <p>A file is there, whole, when {@link #put} returns, and whoever reads the collection finds it in the same place as
 * in a store's folder. Every method blocks. Safe for any thread; it holds no connection that must be closed.
 */
public final class WebDavFolder {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MIN_BYTES_PER_SECOND = 10_000; // a transfer that is slower is given up

  private final HttpClient client;
  private final URI root;
  private final Map<String, String> headers;

  private WebDavFolder(HttpClient client, URI root, Map<String, String> headers) {
    this.client = client;
    this.root = root;
    this.headers = headers;
  }

  /**
   * A collection that exists.
   *
   * @param root its address, http or https, without user, query and fragment
   * @param authorization {@code username:password} for HTTP Basic, empty where nobody asks; the caller wipes its own
   *     array, and what is sent is kept as long as this object
   */
  public static WebDavFolder at(URI root, char[] authorization) {
    return at(root, authorization, Optional.empty());
  }

  /**
   * The same, over https by other authorities than the JDK's.
   *
   * @param tls whom it trusts; the JDK's authorities where it is empty
   */
  public static WebDavFolder at(URI root, char[] authorization, Optional<SSLContext> tls) {
    String scheme = String.valueOf(root.getScheme());
    if (!(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
        || root.getHost() == null
        || root.getRawUserInfo() != null
        || root.getRawQuery() != null
        || root.getRawFragment() != null) {
      throw new IllegalArgumentException("WebDAV address: " + scheme + "://… (expected:"
          + " http://HOST:PORT/PATH without user, query and fragment)");
    }
    String path = root.toString();
    HttpClient.Builder client = HttpClient.newBuilder()
        .connectTimeout(CONNECT_TIMEOUT)
        .version(HttpClient.Version.HTTP_1_1);
    tls.ifPresent(client::sslContext);
    return new WebDavFolder(
        client.build(),
        URI.create(path.endsWith("/") ? path : path + "/"),
        authorization.length == 0
            ? Map.of()
            : Map.of(BasicAuthorization.HEADER, BasicAuthorization.of(authorization)));
  }

  /**
   * Puts a file; one that has its name is replaced. Collections above it that are missing are made.
   *
   * @param content from its beginning, whatever its position; stays the caller's
   * @throws AccessDeniedException where the server refuses (401, 403)
   * @throws FileSystemException where the server has no room (507)
   * @throws IOException where it cannot be reached, fails, or says another size afterwards
   */
  public void put(RecordingPlace place, String name, SeekableByteChannel content)
      throws IOException {
    URI file = uri(place, name);
    int status = putOnce(file, content);
    if (status == 409 || status == 404) { // RFC 4918 section 9.7.1: a collection above is missing
      makeCollections(place);
      status = putOnce(file, content);
    }
    if (status != 200 && status != 201 && status != 204) {
      throw refused("PUT", file, status);
    }
    requireStored(file, content.size());
  }

  /** The same of bytes that are at hand, such as a recording's metadata. */
  public void put(RecordingPlace place, String name, byte[] content) throws IOException {
    try (SeekableByteChannel bytes = ByteArraySeekableByteChannel.wrap(content)) {
      put(place, name, bytes);
    }
  }

  private int putOnce(URI file, SeekableByteChannel content) throws IOException {
    content.position(0);
    long bytes = content.size();
    InputStream in = CloseShieldInputStream.wrap(Channels.newInputStream(content));
    HttpRequest.BodyPublisher body = bytes == 0
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.fromPublisher(
            HttpRequest.BodyPublishers.ofInputStream(() -> in), bytes);
    return status(request(file)
        .timeout(TIMEOUT.plusSeconds(bytes / MIN_BYTES_PER_SECOND))
        .header("Content-Type", "application/octet-stream")
        .PUT(body));
  }

  /** A server that ran out of room may have said so too late: what counts is what it has. */
  private void requireStored(URI file, long bytes) throws IOException {
    HttpResponse<Void> head =
        send(request(file).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    long stored = head.headers().firstValueAsLong("content-length").orElse(0); // httpd leaves 0 out
    if (head.statusCode() != 200 || stored != bytes) {
      throw new IOException(file + ": HEAD after PUT answers " + head.statusCode() + ", " + stored
          + " bytes (expected: 200, " + bytes + " bytes)");
    }
  }

  private void makeCollections(RecordingPlace place) throws IOException {
    StringBuilder path = new StringBuilder();
    for (String segment : segments(place)) {
      URI collection = root.resolve(path.append(encode(segment)).append('/').toString());
      int status = status(request(collection).method("MKCOL", HttpRequest.BodyPublishers.noBody()));
      if (status != 201 && status != 405 && status != 301) { // 405: it is there
        throw refused("MKCOL", collection, status);
      }
    }
  }

  /**
   * Opens a file for reading, at any position.
   *
   * @throws NoSuchFileException where there is none
   */
  public SeekableByteChannel open(RecordingPlace place, String name) throws IOException {
    return HttpRangeChannel.open(client, uri(place, name), headers);
  }

  /** Whether there is a file of this name. */
  public boolean exists(RecordingPlace place, String name) throws IOException {
    URI file = uri(place, name);
    int status = status(request(file).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    if (status != 200 && status != 404) {
      throw refused("HEAD", file, status);
    }
    return status == 200;
  }

  /** Removes a recording's files, all that there are of them; does nothing where there are none. */
  void delete(RecordingPlace place) throws IOException {
    StringBuilder path = new StringBuilder();
    segments(place).forEach(segment -> path.append(encode(segment)).append('/'));
    URI files = root.resolve(path.toString());
    int status = status(request(files).DELETE()); // of a collection: RFC 4918 section 9.6.1
    if (status != 200 && status != 204 && status != 404) {
      throw refused("DELETE", files, status);
    }
  }

  /** Removes a file; does nothing where there is none. */
  public void delete(RecordingPlace place, String name) throws IOException {
    URI file = uri(place, name);
    int status = status(request(file).DELETE());
    if (status != 200 && status != 204 && status != 404) {
      throw refused("DELETE", file, status);
    }
  }

  /** Where a file is stored, as the metadata's {@code mediaDescriptor} says it. */
  public Map<String, String> descriptor(RecordingPlace place, String name) {
    return Map.of("storageType", "webDAV", "path", uri(place, name).toString());
  }

  private URI uri(RecordingPlace place, String name) {
    if (!name.equals(MediaStorage.METADATA) && !name.matches("[A-Za-z0-9_+][A-Za-z0-9_.+=@,~-]*")) {
      throw new IllegalArgumentException(
          "file name: " + Printable.of(name) + " (expected: a media id's)");
    }
    StringBuilder path = new StringBuilder();
    segments(place).forEach(segment -> path.append(encode(segment)).append('/'));
    return root.resolve(path.append(encode(name)).toString());
  }

  private static List<String> segments(RecordingPlace place) {
    return List.of(
        FolderName.encode(place.tenant().contactCenterId()),
        FolderName.encode(place.tenant().name()),
        place.day().toString(),
        place.id().value());
  }

  /** A folder's name as a segment of a path: RFC 3986 section 3.3, all but its unreserved characters encoded. */
  private static String encode(String segment) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    headers.forEach(request::header);
    return request;
  }

  private int status(HttpRequest.Builder request) throws IOException {
    return send(request).statusCode();
  }

  private HttpResponse<Void> send(HttpRequest.Builder request) throws IOException {
    HttpRequest built = request.build();
    try {
      return client.send(built, HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(built.uri() + ": interrupted");
    } catch (HttpTimeoutException e) {
      throw new IOException(built.uri() + ": no answer in time to " + built.method(), e);
    } catch (IOException e) {
      throw new IOException(
          built.uri() + ": cannot be reached: "
              + Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()),
          e);
    }
  }

  private static IOException refused(String method, URI uri, int status) {
    @Nullable String reason = status == 507 ? "it has no room" : null;
    String message = method + " is answered " + status + (reason == null ? "" : ": " + reason);
    return status == 401 || status == 403
        ? new AccessDeniedException(uri.toString(), null, message)
        : new FileSystemException(uri.toString(), null, message);
  }

  /** Its address; nothing of its authorization. */
  @Override
  public String toString() {
    return root.toString();
  }
}
