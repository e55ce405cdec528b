package dev.tapeseal.recorder;

import dev.tapeseal.store.BasicAuthorization;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** Posts metadata by the documented insertion of IRWS: one recording a request, as the ops user. */
final class MetadataPost {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern EXISTS = Pattern.compile("\"code\"\\s*:\\s*\"exists\"");

  private final HttpClient client;
  private final String authorization;

  /**
   * Posts as somebody.
   *
   * @param authorization {@code username:password}; empty where nobody asks
   * @param tls whom it trusts; the JDK's authorities where it is empty
   */
  MetadataPost(char[] authorization, Optional<SSLContext> tls) {
    HttpClient.Builder builder = HttpClient.newBuilder()
        .connectTimeout(Duration.ofSeconds(10))
        .version(HttpClient.Version.HTTP_1_1);
    tls.ifPresent(builder::sslContext);
    this.client = builder.build();
    this.authorization = authorization.length == 0 ? "" : BasicAuthorization.of(authorization);
  }

  /**
   * Inserts a recording, or finds that an earlier attempt did, of which the answer was lost.
   *
   * @param base the address of IRWS, without a slash at its end
   */
  void post(URI base, Recording recording) throws IOException {
    URI uri = URI.create(base + "/internal-api/contact-centers/"
        + recording.tenant().contactCenterId() + "/" + recording.kind().collection());
    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(recording.toJson()));
    if (!authorization.isEmpty()) {
      request.header(BasicAuthorization.HEADER, authorization);
    }
    HttpResponse<String> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(uri + ": interrupted");
    } catch (IOException e) {
      throw new IOException(
          uri + ": cannot be reached: "
              + Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()),
          e);
    }
    int status = answer.statusCode();
    if (status == 200 || status == 201) {
      return;
    }
    if (status == 409 && EXISTS.matcher(answer.body()).find()) {
      return;
    }
    String message = "POST of metadata is answered " + status;
    throw status == 401 || status == 403
        ? new AccessDeniedException(uri.toString(), null, message)
        : new IOException(uri + ": " + message);
  }
}
