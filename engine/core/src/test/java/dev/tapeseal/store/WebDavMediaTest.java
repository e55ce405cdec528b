package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.WebDavServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose media lie in Debian's Apache httpd, whole or not at all. */
@Timeout(120)
class WebDavMediaTest {
  private static final RecordingId ID = new RecordingId("CALL1");
  private static final MediaId MEDIA = new MediaId("CALL1.wav");
  private static final Instant STARTED = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private @Nullable WebDavServer server;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(WebDavServer.isInstalled(), "no httpd: Debian package apache2-bin");
    server = WebDavServer.start(Files.createDirectory(folder.resolve("httpd")));
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  private WebDavServer server() {
    if (server == null) {
      throw new IllegalStateException("started before each test");
    }
    return server;
  }

  private WebDavFolder collection() {
    return WebDavFolder.at(server().uri(), WebDavServer.AUTHORIZATION.toCharArray());
  }

  private RecordingStore open() throws IOException {
    return RecordingStore.open(folder.resolve("store"), CatalogAddress.IN_STORE, collection());
  }

  private List<String> put() throws IOException {
    try (Stream<Path> all = Files.walk(server().root())) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void write(PendingRecording pending, MediaSuffix suffix, String text)
      throws IOException {
    try (WritableByteChannel channel = pending.create(MEDIA, suffix)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static Recording described() {
    return Recording.call(ID, "1", "2")
        .started(STARTED)
        .media(MediaFile.builder(MEDIA, "audio/wav").build())
        .build();
  }

  @Test
  void recording_isPutWhenItIsCommitted_readBack_andFoundByTheNextStart() throws Exception {
    try (RecordingStore store = open();
        PendingRecording pending = store.begin(Tenant.DEFAULT, ID, STARTED)) {
      write(pending, MediaSuffix.CONTENT, "content");
      write(pending, MediaSuffix.MAC, "tags");
      assertThat(put()).isEmpty();

      pending.commit(described());
    }

    assertThat(put()).containsExactly("CALL1.wav", "CALL1.wav.mac");
    try (RecordingStore store = open();
        SeekableByteChannel media = store.openMedia(ID, MEDIA, MediaSuffix.CONTENT)) {
      assertThat(media.size()).isEqualTo(7);
      try (SeekableByteChannel companion = store.findMedia(ID, MEDIA, MediaSuffix.MAC)) {
        assertThat(companion).isNotNull();
      }
      assertThat(store.findMedia(ID, MEDIA, MediaSuffix.KEY_ENVELOPE)).isNull();
      try (Stream<Path> here = Files.walk(folder.resolve("store"))) {
        assertThat(here.map(file -> file.getFileName().toString()))
            .contains("recording.json")
            .noneMatch(name -> name.contains("CALL1.wav"));
      }
      store.delete(ID);
      assertThat(put()).isEmpty();
    }
  }

  @Test
  void recordingThatIsGivenUp_orThatNobodyPosts_leavesNothingInTheCollection() throws Exception {
    try (RecordingStore store = open();
        PendingRecording pending = store.begin(Tenant.DEFAULT, ID, STARTED)) {
      write(pending, MediaSuffix.CONTENT, "content");
    }
    assertThat(put()).isEmpty();

    FolderStorage dying = FolderStorage.open(folder.resolve("store"), DiskSteps.NONE);
    PendingFile file = new WebDavMedia(dying, collection())
        .create(RecordingPlace.of(Tenant.DEFAULT, STARTED, ID), MEDIA.value());
    try (WritableByteChannel channel = file.channel()) {
      channel.write(ByteBuffer.allocate(10));
    }
    file.publish();
    assertThat(put()).containsExactly("CALL1.wav");
    dying.vanish();

    open().close();

    assertThat(put()).isEmpty();
  }
}
