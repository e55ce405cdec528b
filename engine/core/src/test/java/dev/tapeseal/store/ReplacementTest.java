package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.files;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mac;
import static dev.tapeseal.store.StoreSamples.media;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static dev.tapeseal.store.StoreSamples.read;
import static dev.tapeseal.store.StoreSamples.record;
import static dev.tapeseal.store.StoreSamples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that takes the place of a recording's: the old one or the new one is there, whole, at any time. */
class ReplacementTest {
  private static final RecordingId ID = id(1);
  private static final byte[] NEW = "what takes its place".getBytes(StandardCharsets.UTF_8);

  @TempDir
  private Path root;

  /** The end of the process: nothing that comes after it reaches the disk. */
  private static final class Crash extends Error {}

  private static Recording replace(RecordingStore store, MediaSuffix suffix) throws IOException {
    try (PendingReplacement pending = store.replaceFile(ID, mediaId(ID), suffix)) {
      write(pending.channel(), NEW);
      return pending.commit(file -> file.toBuilder().agentId("new").build());
    }
  }

  private static MediaFile file(RecordingStore store) throws IOException {
    return store.find(ID).orElseThrow().mediaFiles().get(0);
  }

  @Test
  void replacedCompanion_changesTheMetadata_andNoOtherFile() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording before = record(store, ID);
      List<String> names = files(root);

      Recording after = replace(store, MediaSuffix.MAC);

      assertThat(read(store, ID, mediaId(ID), MediaSuffix.MAC)).isEqualTo(NEW);
      assertThat(read(store, ID, mediaId(ID), MediaSuffix.CONTENT)).isEqualTo(media(ID));
      assertThat(files(root)).isEqualTo(names);
      assertThat(after.mediaFiles().get(0).agentId()).isEqualTo("new");
      assertThat(after.mediaFiles().get(0).sizeBytes())
          .isEqualTo(before.mediaFiles().get(0).sizeBytes());
      assertThat(store.find(ID)).contains(after);
      assertThat(store.query(RecordingQuery.ALL.withAgentId("new")).recordings())
          .containsExactly(after);
    }
  }

  @Test
  void replacedMedia_areAsLongAsTheMetadataSay_andWhoReadsTheOldOnesMayFinish() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, ID);
      try (SeekableByteChannel reader = store.openMedia(ID, mediaId(ID), MediaSuffix.CONTENT)) {

        Recording after = replace(store, MediaSuffix.CONTENT);

        assertThat(after.mediaFiles().get(0).sizeBytes()).isEqualTo(NEW.length);
        assertThat(Channels.newInputStream(reader).readAllBytes()).isEqualTo(media(ID));
      }
      assertThat(read(store, ID, mediaId(ID), MediaSuffix.CONTENT)).isEqualTo(NEW);
    }
  }

  @Test
  void replacementThatIsGivenUp_leavesEverythingAsItWas() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording before = record(store, ID);
      List<String> names = files(root);
      try (PendingReplacement pending = store.replaceFile(ID, mediaId(ID), MediaSuffix.MAC)) {
        write(pending.channel(), NEW);
      }

      assertThat(files(root)).isEqualTo(names);
      assertThat(store.find(ID)).contains(before);
      assertThat(read(store, ID, mediaId(ID), MediaSuffix.MAC)).isEqualTo(mac(ID));
    }
  }

  @Test
  void fileThatIsStillBeingWritten_takesNoPlace() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, ID);
      try (PendingReplacement pending = store.replaceFile(ID, mediaId(ID), MediaSuffix.MAC)) {
        assertThatIOException()
            .isThrownBy(() -> pending.commit(file -> file))
            .withMessageContaining("still being written");
      }
      assertThat(read(store, ID, mediaId(ID), MediaSuffix.MAC)).isEqualTo(mac(ID));
    }
  }

  @Test
  void whatIsNotThere_isNotReplaced() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, ID);
      List<String> names = files(root);

      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> store.replaceFile(ID, mediaId(ID), MediaSuffix.ENVELOPE))
          .withMessageContaining(".p7");
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> store.replaceFile(id(2), mediaId(id(2)), MediaSuffix.MAC))
          .withMessageContaining("recording-2");
      assertThat(files(root)).isEqualTo(names);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTENT", "MAC"})
  void processThatEndsInFrontOfAnyChange_leavesTheOldFileOrTheNew_andTheNextTryMends(
      MediaSuffix suffix) throws IOException {
    byte[] old = suffix == MediaSuffix.MAC ? mac(ID) : media(ID);
    Set<String> seen = new HashSet<>();
    int crashes = 0;
    boolean crashed = true;
    for (int last = 0; crashed; last++) {
      Path folder = Files.createDirectory(root.resolve("crash-" + last));
      try (RecordingStore store = RecordingStore.open(folder)) {
        record(store, ID);
      }
      int[] left = {last};
      boolean[] counting = {false};
      DiskSteps steps = (step, path) -> {
        if (counting[0] && left[0]-- <= 0) {
          throw new Crash();
        }
      };
      FolderStorage dying = FolderStorage.open(folder, steps);
      JdbcCatalog catalog = JdbcCatalog.sqlite(folder.resolve(FolderStorage.CATALOG), steps);
      RecordingStore store = RecordingStore.open(dying, catalog);
      counting[0] = true;
      crashed = false;
      try {
        replace(store, suffix);
      } catch (Crash e) {
        crashed = true;
        crashes++;
      }
      counting[0] = false;
      dying.vanish();
      catalog.close();
      seen.add(assertWhole(folder, suffix, old, "crash in front of change " + last));
    }
    assertThat(crashes).isGreaterThan(5);
    assertThat(seen).contains("old file, old metadata", "new file, new metadata");
  }

  /** Says what it found, and mends it. */
  private static String assertWhole(Path folder, MediaSuffix suffix, byte[] old, String when)
      throws IOException {
    try (RecordingStore store = RecordingStore.open(folder)) {
      byte[] found = read(store, ID, mediaId(ID), suffix);
      boolean isNew = Arrays.equals(found, NEW);
      assertThat(found).as(when).isEqualTo(isNew ? NEW : old);
      boolean isDescribed = file(store).agentId().equals("new");
      assertThat(isNew || !isDescribed).as(when + ": metadata after the file").isTrue();
      assertThat(files(folder)).as(when).hasSize(3);
      assertThat(store.query(RecordingQuery.ALL.withAgentId("new")).recordings())
          .as(when)
          .hasSize(isDescribed ? 1 : 0);

      replace(store, suffix);

      assertThat(read(store, ID, mediaId(ID), suffix)).as(when).isEqualTo(NEW);
      assertThat(file(store).agentId()).as(when).isEqualTo("new");
      return (isNew ? "new" : "old") + " file, " + (isDescribed ? "new" : "old") + " metadata";
    }
  }

  @Test
  void diskThatFailsAtAnyChange_leavesTheOldFileOrTheNew() throws IOException {
    boolean failed = true;
    for (int failing = 0; failed; failing++) {
      Path folder = Files.createDirectory(root.resolve("failure-" + failing));
      int[] left = {failing};
      boolean[] counting = {false};
      boolean[] hit = {false};
      DiskSteps steps = (step, path) -> {
        if (counting[0] && left[0]-- == 0) {
          hit[0] = true;
          throw new IOException("No space left on device");
        }
      };
      try (RecordingStore store = RecordingStore.open(folder, steps)) {
        record(store, ID);
        counting[0] = true;
        try {
          replace(store, MediaSuffix.MAC);
        } catch (IOException e) {
          assertThat(e).hasStackTraceContaining("No space left on device");
        }
        counting[0] = false;
      }
      failed = hit[0];
      String found = assertWhole(folder, MediaSuffix.MAC, mac(ID), "failure of change " + failing);
      assertThat(found).isNotEmpty();
    }
  }
}
