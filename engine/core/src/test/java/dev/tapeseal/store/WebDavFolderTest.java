package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.WebDavServer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media on Apache httpd, put and read back by range. */
@Timeout(120)
class WebDavFolderTest {
  private static final String NAME = "call.mp3";
  private static final RecordingPlace PLACE = RecordingPlace.of(
      new Tenant(Tenant.DEFAULT.contactCenterId(), "Ünit 7, 100 %"),
      StoreSamples.STARTED,
      StoreSamples.id(1));

  @TempDir
  static @Nullable Path shared;

  private static @Nullable WebDavServer running;

  @TempDir
  Path folder;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(WebDavServer.isInstalled(), "no httpd: Debian package apache2-bin");
    if (shared != null) {
      running = WebDavServer.start(shared);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (running != null) {
      running.stop();
    }
  }

  private static WebDavServer server() {
    if (running == null) {
      throw new IllegalStateException("the server was started before all tests");
    }
    return running;
  }

  private static WebDavFolder media(String authorization) {
    return WebDavFolder.at(server().uri(), authorization.toCharArray());
  }

  private static WebDavFolder media() {
    return media(WebDavServer.AUTHORIZATION);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private void put(WebDavFolder media, byte[] content) throws IOException {
    Path file = folder.resolve("content");
    Files.write(file, content);
    try (SeekableByteChannel channel = FileChannel.open(file)) {
      media.put(PLACE, NAME, channel);
    }
  }

  private static Path stored() {
    return server()
        .root()
        .resolve(FolderName.encode(PLACE.tenant().contactCenterId()))
        .resolve(FolderName.encode(PLACE.tenant().name()))
        .resolve("2015-09-10")
        .resolve("recording-1")
        .resolve(NAME);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 3_000_001})
  void whatIsPut_liesInTheArchiveLayout_andIsReadBack(int length) throws Exception {
    byte[] content = random(length);

    put(media(), content);

    assertThat(stored()).hasBinaryContent(content);
    try (SeekableByteChannel back = media().open(PLACE, NAME)) {
      assertThat(back.size()).isEqualTo(length);
      assertThat(Channels.newInputStream(back).readAllBytes()).isEqualTo(content);
      assertThat(back.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    media().delete(PLACE, NAME);
    media().delete(PLACE, NAME); // where there is none
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> media().open(PLACE, NAME));
  }

  @Test
  void anyPosition_isRead() throws Exception {
    byte[] content = random(1_500_000);
    put(media(), content);
    Random random = new Random(7);
    try (SeekableByteChannel back = media().open(PLACE, NAME)) {
      for (int i = 0; i < 200; i++) {
        int at = random.nextInt(content.length);
        int length = Math.min(1 + random.nextInt(5000), content.length - at);
        ByteBuffer read = ByteBuffer.allocate(length);
        back.position(at);
        while (read.hasRemaining()) {
          back.read(read);
        }
        assertThat(read.array()).isEqualTo(Arrays.copyOfRange(content, at, at + length));
        assertThat(back.position()).isEqualTo(at + length);
      }
      back.position(content.length + 10L);
      assertThat(back.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void fileThatChangesWhileItIsRead_isAnError_whichStays() throws Exception {
    put(media(), random(1_000_000));
    try (SeekableByteChannel back = media().open(PLACE, NAME)) {
      back.read(ByteBuffer.allocate(100));
      byte[] other = random(1_000_000);
      other[0] ^= 1;
      put(media(), other);
      Files.setLastModifiedTime(stored(), FileTime.fromMillis(1_000_000_000_000L));
      back.position(900_000);

      for (int i = 0; i < 2; i++) {
        assertThatIOException()
            .isThrownBy(() -> back.read(ByteBuffer.allocate(100)))
            .withMessageContaining("was changed while it was read");
      }
    }
  }

  @Test
  void wrongPassword_isRefused_withoutSayingIt() {
    WebDavFolder media = media("recorder:guessed");

    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> put(media, random(100_000)))
        .withMessageContaining("401")
        .withMessageNotContaining("guessed");
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> media.open(PLACE, NAME));
    assertThat(media.toString()).doesNotContain("guessed");
  }

  @Test
  void serverThatIsDown_isSaid_andUsedAgain() throws Exception {
    put(media(), random(1_000_000));
    try (SeekableByteChannel back = media().open(PLACE, NAME)) {
      server().stop();
      try {
        assertThatIOException()
            .isThrownBy(() -> put(media(), random(10)))
            .withMessageContaining("cannot be reached");
        back.position(900_000);
        assertThatIOException()
            .isThrownBy(() -> back.read(ByteBuffer.allocate(10)))
            .withMessageContaining("cannot be reached")
            .withMessageContaining("3 times");
      } finally {
        server().startAgain();
      }
      assertThat(back.read(ByteBuffer.allocate(10))).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/x", "http://me:secret@host/x", "http://host/x?y", "file:/x"})
  void addressOfAnotherKind_isRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebDavFolder.at(URI.create(address), new char[0]))
        .withMessageContaining("WebDAV address")
        .withMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "", ".hidden", "a%2fb"})
  void nameThatLeavesItsPlace_isRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> media().delete(PLACE, name));
  }
}
