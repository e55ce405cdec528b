package dev.tapeseal.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.mux.PairOutcome.Result;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.PendingRecording;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which recordings of a catalog belong together. */
class CatalogMuxerTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final byte[] CALL = Samples.bytes("media/tagged.mp3");
  private static final byte[] SCREEN = Samples.bytes("media/screen.mp4");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // openStore sets it
  private RecordingStore store;

  @BeforeEach
  void openStore() throws IOException {
    store = RecordingStore.open(folder);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private void add(
      RecordingKind kind, String id, String callUuid, String agent, int fromSecond, int toSecond)
      throws IOException {
    boolean call = kind == RecordingKind.CALL;
    Instant started = NOON.plusSeconds(fromSecond);
    RecordingId recordingId = new RecordingId(id);
    MediaId mediaId = new MediaId(id + (call ? ".mp3" : ".mp4"));
    MediaFile.Builder file = MediaFile.builder(mediaId, call ? "audio/mp3" : "video/mp4")
        .started(started)
        .stopped(NOON.plusSeconds(toSecond))
        .agentId(agent);
    if (!callUuid.isEmpty()) {
      file.callUuid(callUuid);
    }
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, recordingId, started)) {
      try (WritableByteChannel media = pending.create(mediaId, MediaSuffix.CONTENT)) {
        media.write(ByteBuffer.wrap(call ? CALL : SCREEN));
      }
      Recording.Builder recording =
          call ? Recording.call(recordingId, "1", "2") : Recording.screen(recordingId);
      pending.commit(recording
          .started(started)
          .stopped(NOON.plusSeconds(toSecond))
          .media(file.build())
          .build());
    }
  }

  private void call(String id, String agent, int fromSecond, int toSecond) throws IOException {
    add(RecordingKind.CALL, id, id, agent, fromSecond, toSecond);
  }

  private void screen(String id, String callUuid, String agent, int fromSecond, int toSecond)
      throws IOException {
    add(RecordingKind.SCREEN, id, callUuid, agent, fromSecond, toSecond);
  }

  private MuxReport mux() throws IOException {
    return CatalogMuxer.of(store, folder.resolve(".mux"), Muxer.of(WavCoding.FLAC))
        .run(RecordingQuery.ALL, 2, outcome -> {});
  }

  private List<String> muxedPairs(MuxReport report) {
    List<String> pairs = new ArrayList<>();
    for (PairOutcome pair : report.pairs()) {
      assertThat(pair.result()).as(pair.reason()).isEqualTo(Result.MUXED);
      pairs.add(pair.call() + "+" + pair.screen());
    }
    return pairs;
  }

  @Test
  void screen_belongsToTheCallWhoseUuidItHas() throws IOException {
    call("call-1", "ann", 0, 6);
    call("call-2", "ann", 100, 106);
    screen("screen-2", "call-2", "ann", 100, 130);

    assertThat(muxedPairs(mux())).containsExactly("call-2+screen-2");
    assertThat(store.find(new RecordingId("call-1")).orElseThrow().mediaFiles()).hasSize(1);
  }

  @Test
  void laterCallThatOverlaps_hasNoScreenOfItsOwn() throws IOException {
    call("call-1", "ann", 0, 60);
    call("call-2", "ann", 10, 90); // consulted while the first is held
    screen("screen-1", "call-1", "ann", 0, 60);

    assertThat(muxedPairs(mux())).containsExactly("call-1+screen-1");
    assertThat(store.find(new RecordingId("call-2")).orElseThrow().mediaFiles()).hasSize(1);
  }

  @Test
  void screenWithoutCallUuid_belongsToTheFirstCallOfItsAgentWhileItRan() throws IOException {
    call("before", "ann", -100, -50);
    call("other", "bob", 0, 60);
    call("second", "ann", 10, 90);
    call("first", "ann", 1, 60);
    screen("screen-1", "", "ann", 0, 60);

    assertThat(muxedPairs(mux())).containsExactly("first+screen-1");
  }

  @Test
  void screenOfNobody_ofAnotherAgent_orOfAnotherTime_hasNoCall() throws IOException {
    call("call-1", "ann", 0, 60);
    screen("nobody", "", "", 0, 60);
    screen("unknown", "call-9", "ann", 0, 60);
    screen("bob", "call-1", "bob", 0, 60);
    screen("later", "call-1", "ann", 100, 160);

    MuxReport report = mux();

    assertThat(report.pairs()).isEmpty();
    assertThat(report.withoutCall()).isEqualTo(4);
  }

  @Test
  void muxedFile_startsWithTheEarlier_andPlaysAsLongAsBoth() throws IOException {
    call("call-1", "ann", 0, 6);
    screen("screen-1", "call-1", "ann", 2, 32);

    mux();

    MediaFile muxed =
        store.find(new RecordingId("call-1")).orElseThrow().mediaFiles().get(1);
    assertThat(muxed.started()).isEqualTo(NOON);
    assertThat(muxed.duration()).isBetween(Duration.ofMillis(31_900), Duration.ofMillis(32_100));
    assertThat(muxed.parameters()).containsEntry("muxedFrom", "call-1.mp3 screen-1.mp4");
    assertThat(muxed.encryption()).isNull();
  }

  @Test
  void sameMuxer_saysNothingOfWhatItFinished_andMuxesWhatCameSince() throws IOException {
    CatalogMuxer muxer = CatalogMuxer.of(store, folder.resolve(".mux"), Muxer.of(WavCoding.FLAC));
    call("call-1", "ann", 0, 6);
    screen("screen-1", "call-1", "ann", 0, 30);
    assertThat(muxedPairs(muxer.run(RecordingQuery.ALL, 1, pair -> {}))).hasSize(1);
    call("call-2", "ann", 100, 106);
    screen("screen-2", "call-2", "ann", 100, 130);

    assertThat(muxedPairs(muxer.run(RecordingQuery.ALL, 1, pair -> {})))
        .containsExactly("call-2+screen-2");
    assertThat(mux().count(Result.ALREADY_MUXED)).isEqualTo(2);
  }

  @Test
  void timeWindow_isOfTheScreens() throws IOException {
    call("call-1", "ann", 0, 6);
    screen("screen-1", "call-1", "ann", 0, 30);
    call("call-2", "ann", 100, 106);
    screen("screen-2", "call-2", "ann", 100, 130);

    MuxReport report = CatalogMuxer.of(store, folder.resolve(".mux"), Muxer.of(WavCoding.FLAC))
        .run(RecordingQuery.ALL.withStartedFrom(NOON.plusSeconds(50)), 1, pair -> {});

    assertThat(muxedPairs(report)).containsExactly("call-2+screen-2");
  }
}
