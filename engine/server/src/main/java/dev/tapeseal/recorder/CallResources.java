package dev.tapeseal.recorder;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.store.RecordingId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls as resources: started, fed, paused, resumed and stopped. All of it is ours.
 *
 * <p>It is longer than most classes because each of those is a method with its refusals.
 */
final class CallResources {
  private static final String CALLS = "/api/v2/recorder/calls";
  private static final int MAX_REQUEST_BYTES = 16 << 10;
  private static final int BUFFER_BYTES = 8 << 10;

  private final RecorderService recorder;
  private final SecureRandom random = new SecureRandom();

  CallResources(RecorderService recorder) {
    this.recorder = recorder;
  }

  List<Route> routes(Guard guard) {
    return List.of(
        Route.get(CALLS).guardedBy(guard).handledBy(request -> list()),
        Route.post(CALLS).guardedBy(guard).bodyUpTo(MAX_REQUEST_BYTES).handledBy(this::start),
        Route.get(CALLS + "/{id}").guardedBy(guard).handledBy(this::show),
        Route.post(CALLS + "/{id}/audio")
            .guardedBy(guard)
            .bodyStreamedUpTo(Long.MAX_VALUE)
            .handledBy(this::take),
        Route.post(CALLS + "/{id}/pause")
            .guardedBy(guard)
            .handledBy(request -> change(request, LiveCall::pause)),
        Route.post(CALLS + "/{id}/resume")
            .guardedBy(guard)
            .handledBy(request -> change(request, LiveCall::resume)),
        Route.post(CALLS + "/{id}/stop")
            .guardedBy(guard)
            .handledBy(request -> change(request, LiveCall::stop)));
  }

  private Response list() {
    return Response.json(
        200,
        Map.of("calls", recorder.calls().all().stream().map(LiveCall::describe).toList()));
  }

  private Response show(Request request) {
    return Response.json(200, find(request).describe());
  }

  private Response start(Request request) throws IOException {
    CallRequest asked = request.json(CallRequest.class);
    CallRequest.Audio audio = asked.audio();
    LiveCall call = audio != null
        ? start(asked, audio.format())
        : replay(asked, CallRequest.orEmpty(asked.file()));
    return Response.json(201, call.describe()).header("Location", CALLS + "/" + call.id());
  }

  private LiveCall start(CallRequest asked, AudioFormat audio) throws IOException {
    String uuid = Optional.ofNullable(asked.callUuid())
        .orElseGet(() -> RecordingId.generate(random).value());
    Interaction interaction = Interaction.of(recorder.tenant(), uuid)
        .withNumbers(
            CallRequest.orEmpty(asked.callerPhoneNumber()),
            CallRequest.orEmpty(asked.dialedPhoneNumber()))
        .withAgent(CallRequest.orEmpty(asked.agentId()));
    return recorder.startCall(
        interaction,
        Optional.ofNullable(asked.ivrProfile()),
        Optional.ofNullable(asked.geoLocation()),
        audio);
  }

  private LiveCall replay(CallRequest asked, String name) throws IOException {
    Path file = recorder.mediaFolder().file(name);
    MediaSource source = MediaSource.open(file);
    boolean started = false;
    try {
      AudioFormat audio = source
          .audioFormat()
          .orElseThrow(() -> new HttpException(
              400, "not-audio", "The file is a screen's.", "Name a WAV or MP3 file."));
      LiveCall call = start(asked, audio);
      FilePlayer.start(source, call, Boolean.TRUE.equals(asked.flatOut()));
      started = true;
      return call;
    } finally {
      if (!started) {
        source.close();
      }
    }
  }

  private Response take(Request request) throws IOException {
    LiveCall call = find(request);
    if (call.audio().mediaType() != MediaType.WAV) {
      throw new HttpException(
          409,
          "not-samples",
          "This call is an MP3 file that is played.",
          "Start one with \"audio\".");
    }
    int block = call.audio().blockBytes();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES / block * block);
    try (ReadableByteChannel body = request.bodyChannel()) {
      while (body.read(buffer) >= 0) {
        buffer.flip();
        int whole = buffer.remaining() / block * block;
        ByteBuffer samples = buffer.slice(0, whole);
        if (whole > 0 && !call.write(samples)) {
          throw ended();
        }
        buffer.position(whole);
        buffer.compact();
      }
    }
    if (buffer.position() > 0) {
      throw new HttpException(
          400,
          "half-a-sample",
          "The audio ends within a sample; what came before is recorded.",
          "Send whole samples of " + block + " bytes in each request.");
    }
    return Response.json(200, call.describe());
  }

  /** What a request does to a call; false where it has ended. */
  @FunctionalInterface
  private interface Change {
    boolean apply(LiveCall call) throws IOException;
  }

  private Response change(Request request, Change change) throws IOException {
    LiveCall call = find(request);
    if (!change.apply(call)) {
      throw ended();
    }
    return Response.json(200, call.describe());
  }

  private LiveCall find(Request request) {
    return recorder
        .calls()
        .find(request.pathParameter("id"))
        .orElseThrow(() -> new HttpException(
            404,
            "not-found",
            "No call of this id is being recorded.",
            "GET " + CALLS + " lists those there are."));
  }

  private static HttpException ended() {
    return RecorderFailures.ended();
  }
}
