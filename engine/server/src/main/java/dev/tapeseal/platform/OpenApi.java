package dev.tapeseal.platform;

import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import java.io.IOException;
import java.io.InputStream;

/** {@code GET /openapi.yaml}: every route, described by hand in the resource of that name (OpenAPI 3.1). */
final class OpenApi {

  private OpenApi() {}

  static Route route() throws IOException {
    byte[] document = document();
    return Route.get("/openapi.yaml")
        .handledBy(request -> Response.bytes(200, "application/yaml", document));
  }

  static byte[] document() throws IOException {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException(
            "openapi.yaml is missing: the build did not copy its resources");
      }
      return in.readAllBytes();
    }
  }
}
