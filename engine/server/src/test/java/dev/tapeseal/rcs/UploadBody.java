package dev.tapeseal.rcs;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What an administrator's browser or script sends: the same parts as a form or as JSON. */
final class UploadBody {
  private static final String BOUNDARY = "----WebKitFormBoundaryX3c7";

  private final Map<String, byte[]> parts = new LinkedHashMap<>();

  UploadBody file(String name, Path file) throws Exception {
    parts.put(name, Files.readAllBytes(file));
    return this;
  }

  UploadBody text(String name, String text) {
    parts.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** As {@code curl -F} and browsers send it. */
  HttpRequest.Builder asForm(HttpRequest.Builder request) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    parts.forEach((name, content) -> {
      body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name
              + "\"; filename=\"" + name + ".pem\"\r\n"
              + "Content-Type: application/octet-stream\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(content);
      body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    });
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return request
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
  }

  HttpRequest.Builder asJson(HttpRequest.Builder request) {
    Map<String, String> texts = new LinkedHashMap<>();
    parts.forEach((name, content) -> texts.put(name, new String(content, StandardCharsets.UTF_8)));
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(texts)));
  }
}
