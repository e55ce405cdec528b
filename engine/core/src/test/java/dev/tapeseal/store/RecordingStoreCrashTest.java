package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.all;
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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays when the process ends, or the disk fails, in front of any change that a store makes. */
class RecordingStoreCrashTest {
  private static final RecordingId FIRST = id(1);
  private static final RecordingId SECOND = id(2);
  private static final MediaId MUXED = new MediaId("muxed.mp4");

  @TempDir
  Path folder;

  /** The end of the process: nothing that comes after it reaches the disk. */
  private static final class Crash extends Error {}

  /** What a store's users do, and how far they got. */
  private static final class Life {
    final Set<RecordingId> acknowledged = new HashSet<>();
    boolean muxed;
    boolean deleting;

    void run(RecordingStore store) throws IOException {
      record(store, FIRST);
      acknowledged.add(FIRST);
      try (PendingMedia pending = store.addMedia(FIRST)) {
        write(pending.create(MUXED, MediaSuffix.CONTENT), mac(FIRST));
        pending.commit(MediaFile.builder(MUXED, "video/mp4").build());
      }
      muxed = true;
      try (PendingRecording pending = store.begin(Tenant.DEFAULT, id(3), STARTED)) {
        write(pending.create(mediaId(id(3)), MediaSuffix.CONTENT), media(id(3)));
      }
      record(store, SECOND);
      acknowledged.add(SECOND);
      store.update(SECOND, recording -> recording.toBuilder().callerNumber("42").build());
      deleting = true;
      store.delete(FIRST);
      acknowledged.remove(FIRST);
      store.close();
    }
  }

  @Test
  void processThatEndsInFrontOfAnyChange_leavesWholeRecordings_orNothing() throws IOException {
    Set<Step> seen = EnumSet.noneOf(Step.class);
    int crashes = 0;
    for (int last = 0; ; last++) {
      Path root = Files.createDirectory(folder.resolve("crash-" + last));
      int[] left = {last};
      DiskSteps steps = (step, path) -> {
        seen.add(step);
        if (left[0]-- <= 0) {
          throw new Crash();
        }
      };
      Life life = new Life();
      FolderStorage storage = FolderStorage.open(root, DiskSteps.NONE);
      storage.vanish();
      boolean crashed = false;
      FolderStorage dying = null;
      JdbcCatalog catalog = null;
      try {
        dying = FolderStorage.open(root, steps);
        catalog = JdbcCatalog.sqlite(root.resolve(FolderStorage.CATALOG), steps);
        life.run(RecordingStore.open(dying, catalog));
      } catch (Crash e) {
        crashed = true;
      }
      if (!crashed) {
        break;
      }
      crashes++;
      if (dying != null) {
        dying.vanish();
      }
      if (catalog != null) {
        catalog.close();
      }
      assertWhole(root, life, "crash in front of change " + last);
    }
    assertThat(seen).containsExactlyInAnyOrder(Step.values());
    assertThat(crashes).isGreaterThan(50);
  }

  @Test
  void diskThatFailsAtAnyChange_costsAtMostThatRecording_andNothingIsHalf() throws IOException {
    for (int failing = 0; ; failing++) {
      Path root = Files.createDirectory(folder.resolve("failure-" + failing));
      int[] left = {failing};
      boolean[] failed = {false};
      DiskSteps steps = (step, path) -> {
        if (left[0]-- == 0) {
          failed[0] = true;
          throw new IOException("No space left on device");
        }
      };
      Life life = new Life();
      boolean surfaced = false;
      try (RecordingStore store = RecordingStore.open(root, steps)) {
        life.run(store);
      } catch (IOException e) {
        surfaced = true;
        assertThat(e).hasStackTraceContaining("No space left on device");
      }
      if (!failed[0]) {
        assertThat(surfaced).isFalse();
        break;
      }
      assertWhole(root, life, "failure of change " + failing);
      try (RecordingStore store = RecordingStore.open(root)) {
        record(store, id(9));
      }
    }
  }

  private static void assertWhole(Path root, Life life, String when) throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      List<Recording> visible = all(store);
      List<String> expectedFiles = new ArrayList<>();
      Set<RecordingId> ids = new HashSet<>();
      for (Recording recording : visible) {
        RecordingId id = recording.id();
        ids.add(id);
        assertThat(id).as(when).isNotEqualTo(id(3));
        assertThat(store.find(id)).as(when).contains(recording);
        assertThat(read(store, id, mediaId(id), MediaSuffix.CONTENT)).as(when).isEqualTo(media(id));
        assertThat(read(store, id, mediaId(id), MediaSuffix.MAC)).as(when).isEqualTo(mac(id));
        String place = "00000000000000000000000000000001/Environment/2015-09-10/" + id + "/";
        expectedFiles.add(place + MediaStorage.METADATA);
        expectedFiles.add(place + mediaId(id));
        expectedFiles.add(place + mediaId(id) + ".mac");
        if (recording.mediaFile(MUXED) != null) {
          assertThat(read(store, id, MUXED, MediaSuffix.CONTENT)).as(when).isEqualTo(mac(id));
          expectedFiles.add(place + MUXED);
        }
      }
      Set<RecordingId> mustBeThere = new HashSet<>(life.acknowledged);
      if (life.deleting) {
        mustBeThere.remove(FIRST);
      } else if (life.muxed) {
        assertThat(store.find(FIRST).orElseThrow().mediaFile(MUXED)).as(when).isNotNull();
      }
      assertThat(ids).as(when).containsAll(mustBeThere);
      assertThat(files(root)).as(when).containsExactlyInAnyOrderElementsOf(expectedFiles);
    }
  }

  @Test
  void sweepThatEndsTooEarly_isDoneAgain_andTheCatalogFollowsTheMetadata() throws IOException {
    boolean[] dying = {false};
    DiskSteps steps = (step, path) -> {
      if (dying[0] && step == Step.COMMIT_CATALOG) {
        throw new Crash();
      }
    };
    FolderStorage dead = FolderStorage.open(folder, steps);
    try (JdbcCatalog catalog = JdbcCatalog.sqlite(folder.resolve(FolderStorage.CATALOG), steps)) {
      RecordingStore store = RecordingStore.open(dead, catalog);
      record(store, FIRST);
      dying[0] = true;
      assertThatExceptionOfType(Crash.class)
          .isThrownBy(() -> store.update(
              FIRST, recording -> recording.toBuilder().callerNumber("42").build()));
    }
    dead.vanish();
    try (FolderStorage sweeper = FolderStorage.open(folder, DiskSteps.NONE)) {
      assertThatIOException()
          .isThrownBy(() -> sweeper.sweep(new MediaStorage.Leftovers() {
            @Override
            public void found(RecordingPlace place) throws IOException {
              throw new IOException("ends here");
            }

            @Override
            public boolean isNamed(RecordingPlace place, String name) {
              return true;
            }
          }))
          .withMessage("ends here");
    }

    try (RecordingStore store = RecordingStore.open(folder)) {
      assertThat(store.query(RecordingQuery.ALL.withCaller("42")).recordings()).hasSize(1);
      assertThat(files(folder)).hasSize(3);
    }
  }

  @Test
  void storeThatCannotBeOpened_holdsNoFileOpen() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "skipped: no /proc/self/fd to see open files in");
    for (int failing = 0; ; failing++) {
      Path root = Files.createDirectory(folder.resolve("opening-" + failing));
      int[] left = {failing};
      DiskSteps steps = (step, path) -> {
        if (left[0]-- == 0) {
          throw new IllegalStateException("not a failure that anybody expects");
        }
      };
      try {
        RecordingStore.open(root, steps).close();
        break;
      } catch (IOException | IllegalStateException e) {
        assertThat(openFiles(descriptors, root))
            .as("failure of change %d", failing)
            .isEmpty();
      }
      RecordingStore.open(root).close(); // buries the writer that did not come to live
      assertThat(root.resolve(LiveWriter.FOLDER)).isEmptyDirectory();
    }
  }

  private static List<String> openFiles(Path descriptors, Path root) throws IOException {
    List<String> open = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        try {
          String target = Files.readSymbolicLink(link).toString();
          if (target.startsWith(root.toRealPath() + "/")) {
            open.add(target);
          }
        } catch (NoSuchFileException e) {
          // closed since it was listed
        }
      }
    }
    return open;
  }

  @Test
  void failedWrite_isFinalForItsFile() throws IOException {
    boolean[] full = {false};
    DiskSteps steps = (step, path) -> {
      if (full[0] && step == Step.WRITE) {
        throw new IOException("No space left on device");
      }
    };
    try (RecordingStore store = RecordingStore.open(folder, steps);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      WritableByteChannel media = pending.create(mediaId(FIRST), MediaSuffix.CONTENT);
      media.write(ByteBuffer.wrap(media(FIRST)));
      full[0] = true;
      assertThatIOException().isThrownBy(() -> media.write(ByteBuffer.wrap(media(FIRST))));
      full[0] = false;

      assertThatIOException()
          .isThrownBy(() -> media.write(ByteBuffer.wrap(media(FIRST))))
          .withMessageContaining("an earlier write failed");
      media.close();
      assertThatIOException()
          .isThrownBy(() -> pending.commit(StoreSamples.metadata(FIRST).build()))
          .withMessageContaining("incomplete, since an earlier write failed");
      assertThat(files(folder)).isEmpty();
    }
  }

  @Test
  void failedFsync_isFinalForItsFile() throws IOException {
    boolean[] failing = {true};
    DiskSteps steps = (step, path) -> {
      if (failing[0] && step == Step.FORCE && path.toString().endsWith(".part")) {
        throw new IOException("Input/output error");
      }
    };
    try (RecordingStore store = RecordingStore.open(folder, steps);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      WritableByteChannel media = pending.create(mediaId(FIRST), MediaSuffix.CONTENT);
      media.write(ByteBuffer.wrap(media(FIRST)));
      assertThatIOException()
          .isThrownBy(media::close)
          .withMessageContaining("cannot be written: Input/output error");
      failing[0] = false;
      media.close();

      assertThatIOException()
          .isThrownBy(() -> pending.commit(StoreSamples.metadata(FIRST).build()))
          .withMessageContaining("incomplete");
      assertThat(files(folder)).isEmpty();
    }
  }

  @Test
  void filesOfALivingWriter_areNotSwept_andThoseOfADeadOneAre() throws IOException {
    FolderStorage dead = FolderStorage.open(folder, DiskSteps.NONE);
    RecordingPlace place = RecordingPlace.of(Tenant.DEFAULT, STARTED, FIRST);
    dead.create(place, "dead.mp3").channel().write(ByteBuffer.wrap(media(FIRST)));
    FolderStorage living = FolderStorage.open(folder, DiskSteps.NONE);
    living.create(place, "living.mp3").channel().write(ByteBuffer.wrap(media(FIRST)));
    dead.vanish();

    RecordingStore.open(folder).close();

    assertThat(files(folder))
        .singleElement()
        .asString()
        .contains(".living.mp3.")
        .endsWith(".part");
    living.vanish();
    RecordingStore.open(folder).close();
    assertThat(files(folder)).isEmpty();
  }

  @Test
  void filesThatAUserPutIntoARecordingsFolder_areNotSwept() throws IOException {
    FolderStorage dead = FolderStorage.open(folder, DiskSteps.NONE);
    RecordingPlace place = RecordingPlace.of(Tenant.DEFAULT, STARTED, FIRST);
    PendingFile file = dead.create(place, "dead.mp3");
    file.channel().close();
    Path day = folder.resolve("00000000000000000000000000000001/Environment/2015-09-10");
    Files.writeString(day.resolve("recording-1/note.txt"), "keep");
    Files.writeString(day.resolve("recording-1/dead.mp3"), "another's, of the same name");
    Files.createDirectory(day.resolve("not a recording"));
    dead.vanish();

    RecordingStore.open(folder).close();

    assertThat(day.resolve("recording-1/note.txt")).hasContent("keep");
    assertThat(day.resolve("recording-1/dead.mp3")).exists();
    assertThat(files(folder)).hasSize(2);
  }

  @Test
  void tornOrHostileJournal_isReadOver() throws IOException {
    RecordingStore.open(folder).close();
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path part =
        Files.writeString(outside.resolve(".x.00000000-0000-0001-0000-000000000001.part"), "x");
    Files.write(
        folder.resolve(".writers/0000000000000001.lock"),
        List.of(
            "../../../etc",
            "outside",
            "a/b/c",
            "a/../2015-09-10",
            "a/Environment/2015-09-10",
            "/a/b/2015-09-10",
            "\0"));
    Files.writeString(folder.resolve(".writers/notes.txt"), "keep");

    RecordingStore.open(folder).close();

    assertThat(part).exists();
    assertThat(folder.resolve(".writers/0000000000000001.lock")).doesNotExist();
    assertThat(folder.resolve(".writers/notes.txt")).exists();
  }
}
