package dev.tapeseal.proxy;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Method;
import dev.tapeseal.http.Representation;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.settings.TrustedAuthorities;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.webservices.DecryptUriPrefixes;
import dev.tapeseal.webservices.WebServices;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays an IRWS node's recordings: clear ones from the storage, encrypted ones from the crypto servers of the node's
 * location, tried in order. It passes method, ranges and conditions on and streams back what comes, so that it holds no
 * key, no file and no answer. No client names an address. Safe for any thread.
 */
public final class DecryptionProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecryptionProxy.class);

  /** What the player asks that the crypto server answers by. */
  private static final List<String> PASSED_ON = List.of(
      "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");

  /** What the crypto server says that the player needs; it has no authority over anything else here. */
  private static final List<String> PASSED_BACK =
      List.of("Accept-Ranges", "Content-Range", "ETag", "Last-Modified", "Cache-Control");

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
  private static final int MAX_ERROR_BYTES = 64 * 1024;
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int NOT_MODIFIED = 304;

  private final RecordingStore store;
  private final DecryptUriPrefixes prefixes;
  private final Function<List<URI>, List<CryptoServerAccess>> accesses;
  private final UpstreamClient client;
  private final Map<URI, CircuitBreaker> breakers = new ConcurrentHashMap<>();

  /**
   * Makes one that is the same at every crypto server.
   *
   * @param account stays its caller's
   */
  public DecryptionProxy(RecordingStore store, DecryptUriPrefixes prefixes, ProxyAccount account) {
    this(
        store,
        prefixes,
        servers -> servers.stream()
            .map(server -> new CryptoServerAccess(server, account))
            .toList(),
        Optional.empty());
  }

  /**
   * Makes one that knows other ways to some crypto servers.
   *
   * @param accesses from the addresses that the settings name, of which there may be none, to whom is asked, in order
   * @param trusted who signs the TLS certificates of crypto servers; those whom the JDK trusts where it is empty
   */
  public DecryptionProxy(
      RecordingStore store,
      DecryptUriPrefixes prefixes,
      Function<List<URI>, List<CryptoServerAccess>> accesses,
      Optional<TrustedAuthorities> trusted) {
    this.store = store;
    this.prefixes = prefixes;
    this.accesses = accesses;
    this.client = new UpstreamClient(trusted);
  }

  /** Its routes, which stand beside those of the web services. */
  public Router router(Authentication authentication) {
    List<Route> routes = new ArrayList<>();
    for (RecordingKind kind : RecordingKind.values()) {
      routes.add(Route.get("/api/v2/" + kind.collection() + "/{id}/play/{mediaFile}")
          .guardedBy(authentication.requires(WebServices.DECRYPT))
          .playingFor("proxy")
          .handledBy(request -> play(request, kind)));
    }
    return Router.of(routes).mapping(DecryptionProxy::answer);
  }

  /** A crypto server that fails before the first byte has gone to the player; later the connection is cut. */
  private static Optional<HttpException> answer(Throwable failure) {
    return failure instanceof UpstreamException
        ? Optional.of(new HttpException(
            502, "crypto-server-failed", "The crypto server broke off.", "Try again in a moment."))
        : Optional.empty();
  }

  private Response play(Request request, RecordingKind kind) throws IOException {
    Recording recording;
    MediaFile media;
    try {
      recording = store
          .find(new RecordingId(request.pathParameter("id")))
          .filter(found -> found.kind() == kind)
          .orElseThrow(DecryptionProxy::notFound);
      media = Optional.ofNullable(
              recording.mediaFile(new MediaId(request.pathParameter("mediaFile"))))
          .orElseThrow(DecryptionProxy::notFound);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
    return media.encryption() == null
        ? clear(recording, media)
        : decrypted(request, recording, media);
  }

  private static HttpException notFound() {
    return new HttpException(
        404, "not-found", "There is no such recording.", "Check its id and its media file.");
  }

  private Response clear(Recording recording, MediaFile media) throws IOException {
    long lengthBytes;
    try (SeekableByteChannel content =
        store.openMedia(recording.id(), media.mediaId(), MediaSuffix.CONTENT)) {
      lengthBytes = content.size();
    } catch (NoSuchFileException e) {
      throw new HttpException(
          404, "not-stored", "The media are not in the storage.", "Restore them from a backup.");
    }
    return Response.content(new Representation(
        () -> store.openMedia(recording.id(), media.mediaId(), MediaSuffix.CONTENT),
        lengthBytes,
        Optional.of("\"" + media.mediaId() + "-" + lengthBytes + "\""),
        Optional.ofNullable(media.stopped()),
        media.type().isEmpty() ? "application/octet-stream" : media.type()));
  }

  private Response decrypted(Request request, Recording recording, MediaFile media)
      throws IOException {
    String contactCenterId = recording.tenant().contactCenterId();
    List<CryptoServerAccess> servers = accesses.apply(prefixes.forNode(contactCenterId));
    if (servers.isEmpty()) {
      throw new HttpException(
          503,
          "no-crypto-server",
          "No crypto server is set for this node's location.",
          "Post decrypt-uri-prefix to settings/screen-recording.");
    }
    String path = "/contact-centers/" + contactCenterId + "/" + recording.kind().collection() + "/"
        + recording.id() + "/play/" + media.mediaId();
    for (CryptoServerAccess server : servers) {
      CircuitBreaker breaker =
          breakers.computeIfAbsent(server.uri(), unseen -> new CircuitBreaker(System::nanoTime));
      if (!breaker.admits()) {
        continue;
      }
      try {
        Response response = ask(URI.create(server.uri() + path), server.account(), request);
        breaker.succeeded();
        return response;
      } catch (UpstreamException e) {
        breaker.failed();
        LOG.warn("crypto server {}: {}", server.uri(), e.getMessage());
      }
    }
    throw new HttpException(
            503,
            "no-crypto-server-answers",
            "No crypto server of this node's location answers.",
            "Try again in a moment.")
        .header("Retry-After", Long.toString(CircuitBreaker.PAUSE.toSeconds()));
  }

  private Response ask(URI uri, ProxyAccount account, Request request) throws IOException {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String name : PASSED_ON) {
      request.headers(name).forEach(value -> headers.add(name, value));
    }
    headers.set("Authorization", account.authorization());
    headers.set("X-Tapeseal-Player", request.principal().name());
    boolean isHead = request.method() == Method.HEAD;
    UpstreamAnswer answer =
        client.ask(uri, isHead ? HttpMethod.HEAD : HttpMethod.GET, headers, ANSWER_WITHIN);
    boolean taken = false;
    try {
      HttpResponse head = answer.head();
      int status = head.status().code();
      if (status >= 500) {
        throw new UpstreamException("status " + status);
      }
      if (status == 401 || status == 403) {
        LOG.error("the crypto server of {} refuses {}", uri.getRawAuthority(), account);
        throw new HttpException(
            502,
            "proxy-account-refused",
            "The crypto server does not let this node's account in.",
            "Tell the operator: the account needs the privilege decrypt at the crypto server.");
      }
      Response response;
      if (status == OK || status == PARTIAL_CONTENT) {
        String type = head.headers().get("Content-Type", "application/octet-stream");
        response = Response.stream(status, type, answer, lengthBytes(head));
        taken = true;
      } else if (status == NOT_MODIFIED || isHead) {
        response = Response.of(status);
      } else {
        response = Response.bytes(
            status, head.headers().get("Content-Type", "application/json"), all(answer));
      }
      for (String name : PASSED_BACK) {
        for (String value : head.headers().getAll(name)) {
          response = response.header(name, value);
        }
      }
      return response;
    } finally {
      if (!taken) {
        answer.close();
      }
    }
  }

  /** Without a length it could not be told whether an answer is whole. */
  private static long lengthBytes(HttpResponse head) throws UpstreamException {
    String length = head.headers().get("Content-Length", "");
    if (!length.matches("[0-9]{1,18}")) {
      throw new UpstreamException("an answer without a length");
    }
    return Long.parseLong(length);
  }

  private static byte[] all(UpstreamAnswer answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(4096);
    while (answer.read(part) >= 0) {
      bytes.write(part.array(), 0, part.position());
      part.clear();
      if (bytes.size() > MAX_ERROR_BYTES) {
        throw new UpstreamException("an error of more than " + MAX_ERROR_BYTES + " bytes");
      }
    }
    return bytes.toByteArray();
  }

  /** Ends its threads; answers that are on their way are cut. */
  @Override
  public void close() {
    client.close();
  }
}
