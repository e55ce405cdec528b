package dev.tapeseal.recorder;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.store.RecordingId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Screens as resources: started, handed over as the slices of an MP4 file, and stopped. They have no pause, since SRS
 * hands over a finished file, whatever was left out of it. All of it is ours.
 */
final class ScreenResources {
  private static final String SCREENS = "/api/v2/recorder/screens";
  private static final int MAX_REQUEST_BYTES = 16 << 10;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long MAX_DURATION_MS = Duration.ofDays(7).toMillis();

  private final RecorderService recorder;
  private final SecureRandom random = new SecureRandom();

  ScreenResources(RecorderService recorder) {
    this.recorder = recorder;
  }

  List<Route> routes(Guard guard) {
    return List.of(
        Route.get(SCREENS).guardedBy(guard).handledBy(request -> list()),
        Route.post(SCREENS).guardedBy(guard).bodyUpTo(MAX_REQUEST_BYTES).handledBy(this::start),
        Route.get(SCREENS + "/{id}")
            .guardedBy(guard)
            .handledBy(request -> Response.json(200, find(request).describe())),
        Route.post(SCREENS + "/{id}/video")
            .guardedBy(guard)
            .bodyStreamedUpTo(Long.MAX_VALUE)
            .handledBy(this::take),
        Route.post(SCREENS + "/{id}/stop")
            .guardedBy(guard)
            .bodyUpTo(MAX_REQUEST_BYTES)
            .handledBy(this::stop));
  }

  private Response list() {
    return Response.json(
        200,
        Map.of(
            "screens",
            recorder.screens().all().stream().map(LiveScreen::describe).toList()));
  }

  private Response start(Request request) throws IOException {
    ScreenRequest asked = request.json(ScreenRequest.class);
    String file = asked.file();
    LiveScreen screen =
        file == null ? recorder.startScreen(interaction(asked)) : replay(asked, file);
    return Response.json(201, screen.describe()).header("Location", SCREENS + "/" + screen.id());
  }

  private Interaction interaction(ScreenRequest asked) {
    String agent = CallRequest.orEmpty(asked.agentId());
    String call = Optional.ofNullable(asked.callUuid())
        .or(() -> recorder.firstCallOf(agent).map(LiveCall::id))
        .orElseGet(() -> RecordingId.generate(random).value());
    return Interaction.of(recorder.tenant(), call).withAgent(agent);
  }

  private LiveScreen replay(ScreenRequest asked, String name) throws IOException {
    MediaSource source = MediaSource.open(recorder.mediaFolder().file(name));
    boolean started = false;
    try {
      if (source.type() != MediaType.MP4) {
        throw notMp4();
      }
      LiveScreen screen = recorder.startScreen(interaction(asked));
      FilePlayer.start(source, screen, Boolean.TRUE.equals(asked.flatOut()));
      started = true;
      return screen;
    } finally {
      if (!started) {
        source.close();
      }
    }
  }

  private Response take(Request request) throws IOException {
    LiveScreen screen = find(request);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (ReadableByteChannel body = request.bodyChannel()) {
      boolean more = true;
      while (more) {
        more = body.read(buffer) >= 0;
        boolean isHead = screen.bytes() == 0;
        if (isHead && more && buffer.position() < LiveScreen.HEAD_BYTES) {
          continue;
        }
        buffer.flip();
        if (isHead
            && buffer.hasRemaining()
            && (buffer.remaining() < LiveScreen.HEAD_BYTES || !LiveScreen.isMp4(buffer))) {
          throw notMp4();
        }
        if (buffer.hasRemaining() && !screen.write(buffer)) {
          throw RecorderFailures.ended();
        }
        buffer.clear();
      }
    }
    return Response.json(200, screen.describe());
  }

  private Response stop(Request request) throws IOException {
    LiveScreen screen = find(request);
    Duration plays = request.body().length == 0
        ? null
        : duration(request.json(ScreenRequest.Stop.class).durationMs());
    if (screen.isLive() && screen.bytes() == 0) {
      throw new HttpException(
          409,
          "nothing-recorded",
          "Nothing of the screen has come.",
          "POST the MP4 file to " + SCREENS + "/{id}/video first.");
    }
    if (!screen.stop(plays)) {
      throw RecorderFailures.ended();
    }
    return Response.json(200, screen.describe());
  }

  private static @Nullable Duration duration(@Nullable Long millis) {
    if (millis != null && (millis < 0 || millis > MAX_DURATION_MS)) {
      throw new IllegalArgumentException(
          "durationMs: " + millis + " (expected: 0 to " + MAX_DURATION_MS + ")");
    }
    return millis == null ? null : Duration.ofMillis(millis);
  }

  private LiveScreen find(Request request) {
    return recorder
        .screens()
        .find(request.pathParameter("id"))
        .orElseThrow(() -> new HttpException(
            404,
            "not-found",
            "No screen of this id is being recorded.",
            "GET " + SCREENS + " lists those there are."));
  }

  private static HttpException notMp4() {
    return new HttpException(
        400, "not-mp4", "It is no MP4 file.", "Send, or name, the screen as MP4.");
  }

  static HttpException agentBusy() {
    return new HttpException(
        409,
        "agent-busy",
        "The screen of this agent is being recorded.",
        "Stop that recording first: an agent has one at a time.");
  }
}
