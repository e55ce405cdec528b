package dev.tapeseal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Small recordings for the store's tests. */
final class StoreSamples {
  static final Instant STARTED = Instant.parse("2015-09-10T16:58:22Z");

  private StoreSamples() {}

  static RecordingId id(int number) {
    return new RecordingId("recording-" + number);
  }

  /** The content file of a recording, and where it has one its MAC. */
  static MediaId mediaId(RecordingId id) {
    return new MediaId(id.value() + "_2015-09-10_16-58-22.mp3");
  }

  static byte[] media(RecordingId id) {
    return ("media of " + id).repeat(50).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] mac(RecordingId id) {
    return ("mac of " + id).getBytes(StandardCharsets.UTF_8);
  }

  static Recording.Builder metadata(RecordingId id) {
    return Recording.call(id, "8522001", "+14160000001")
        .started(STARTED)
        .media(MediaFile.builder(mediaId(id), "audio/mp3")
            .started(STARTED)
            .callUuid("call-" + id)
            .agentId("agent7")
            .build());
  }

  /** Makes a whole recording: media with a MAC. */
  static Recording record(RecordingStore store, RecordingId id) throws IOException {
    return record(store, id, STARTED, metadata(id).build());
  }

  static Recording record(RecordingStore store, RecordingId id, Instant started, Recording metadata)
      throws IOException {
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, id, started)) {
      write(pending.create(mediaId(id), MediaSuffix.CONTENT), media(id));
      write(pending.create(mediaId(id), MediaSuffix.MAC), mac(id));
      return pending.commit(metadata);
    }
  }

  static void write(WritableByteChannel channel, byte[] bytes) throws IOException {
    try (channel) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  static byte[] read(RecordingStore store, RecordingId id, MediaId mediaId, MediaSuffix suffix)
      throws IOException {
    try (SeekableByteChannel channel = store.openMedia(id, mediaId, suffix)) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  /** Every file of the store but its catalog and its writers' locks, relative to its root. */
  static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !Files.isDirectory(path))
          .map(path -> root.relativize(path).toString())
          .filter(path -> !path.startsWith("catalog.db") && !path.startsWith(".writers"))
          .sorted()
          .toList();
    }
  }

  static List<Recording> all(RecordingStore store) throws IOException {
    return store.query(RecordingQuery.ALL.withLimit(1000)).recordings();
  }
}
