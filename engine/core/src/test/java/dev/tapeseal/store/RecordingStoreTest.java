package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.all;
import static dev.tapeseal.store.StoreSamples.files;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mac;
import static dev.tapeseal.store.StoreSamples.media;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static dev.tapeseal.store.StoreSamples.metadata;
import static dev.tapeseal.store.StoreSamples.read;
import static dev.tapeseal.store.StoreSamples.record;
import static dev.tapeseal.store.StoreSamples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store promises, a test a promise, on real folders: long, since it promises much. */
class RecordingStoreTest {
  private static final String DAY = "00000000000000000000000000000001/Environment/2015-09-10";
  private static final RecordingId FIRST = id(1);
  private static final MediaId MUXED = new MediaId("muxed.mp4");

  @TempDir
  Path root;

  @Test
  void committedRecording_liesInTheArchiveLayout_andIsFound() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording stored = record(store, FIRST);

      assertThat(files(root))
          .containsExactly(
              DAY + "/recording-1/recording-1_2015-09-10_16-58-22.mp3",
              DAY + "/recording-1/recording-1_2015-09-10_16-58-22.mp3.mac",
              DAY + "/recording-1/recording.json");
      assertThat(store.find(FIRST)).contains(stored);
      assertThat(all(store)).containsExactly(stored);
      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT)).isEqualTo(media(FIRST));
      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.MAC)).isEqualTo(mac(FIRST));
      try (SeekableByteChannel companion =
          store.findMedia(FIRST, mediaId(FIRST), MediaSuffix.MAC)) {
        assertThat(companion).isNotNull();
      }
      assertThat(store.findMedia(FIRST, mediaId(FIRST), MediaSuffix.ENVELOPE)).isNull();
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() ->
              store.findMedia(new RecordingId("nobody"), mediaId(FIRST), MediaSuffix.ENVELOPE));
    }
  }

  @Test
  void commit_fillsInWhatTheStoreKnows() throws IOException {
    Tenant tenant = new Tenant("abcd", "Monster & Sons, Inc.");
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(tenant, FIRST, STARTED)) {
      write(pending.create(mediaId(FIRST), MediaSuffix.CONTENT), media(FIRST));

      Recording stored = pending.commit(metadata(FIRST).build());

      assertThat(stored.tenant()).isEqualTo(tenant);
      MediaFile file = stored.mediaFiles().get(0);
      assertThat(file.sizeBytes()).isEqualTo(media(FIRST).length);
      assertThat(file.tenant()).isEqualTo("Monster & Sons, Inc.");
      assertThat(file.descriptor())
          .containsEntry("storageType", "folder")
          .containsEntry(
              "path",
              "abcd/Monster & Sons, Inc%2E/2015-09-10/recording-1/"
                  + mediaId(FIRST).value());
      assertThat(root.resolve(String.valueOf(file.descriptor().get("path"))))
          .hasBinaryContent(media(FIRST));
    }
  }

  @Test
  void destination_canBeSought_whichEnvelopesNeed() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      try (WritableByteChannel channel = pending.create(mediaId(FIRST), MediaSuffix.CONTENT)) {
        assertThat(channel).isInstanceOf(SeekableByteChannel.class);
        SeekableByteChannel seekable = (SeekableByteChannel) channel;
        seekable.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        pending.force(mediaId(FIRST), MediaSuffix.CONTENT);
        seekable.position(1).write(ByteBuffer.wrap(new byte[] {9}));
        ByteBuffer head = ByteBuffer.allocate(4);
        seekable.position(0).read(head);
        assertThat(head.array()).containsExactly(1, 9, 3, 4);
        assertThat(seekable.size()).isEqualTo(4);
      }
      pending.commit(metadata(FIRST).build());

      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT))
          .containsExactly(1, 9, 3, 4);
    }
  }

  @Test
  void recording_isInvisible_untilItIsCommitted() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        RecordingStore other = RecordingStore.open(root);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      write(pending.create(mediaId(FIRST), MediaSuffix.CONTENT), media(FIRST));

      assertThat(other.find(FIRST)).isEmpty();
      assertThat(all(other)).isEmpty();
      assertThat(files(root)).singleElement().asString().endsWith(".part");

      pending.commit(metadata(FIRST).build());

      assertThat(other.find(FIRST)).isPresent();
      assertThat(all(other)).hasSize(1);
    }
  }

  @Test
  void recordingThatIsGivenUp_leavesNothing() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      try (PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
        write(pending.create(mediaId(FIRST), MediaSuffix.CONTENT), media(FIRST));
        pending.create(mediaId(FIRST), MediaSuffix.ENVELOPE).write(ByteBuffer.wrap(mac(FIRST)));
      }

      assertThat(files(root)).isEmpty();
      assertThat(root.resolve(DAY)).isEmptyDirectory();
      record(store, FIRST); // the id is free
    }
  }

  @Test
  void closingTheStore_givesUpWhatIsPending() throws IOException {
    RecordingStore store = RecordingStore.open(root);
    PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED);
    WritableByteChannel open = pending.create(mediaId(FIRST), MediaSuffix.CONTENT);
    open.write(ByteBuffer.wrap(media(FIRST)));

    store.close();

    assertThat(files(root)).isEmpty();
    assertThat(root.resolve(".writers")).isEmptyDirectory();
    assertThatIOException().isThrownBy(() -> open.write(ByteBuffer.wrap(new byte[1])));
    assertThatIllegalStateException()
        .isThrownBy(() -> pending.commit(metadata(FIRST).build()));
  }

  @Test
  void metadataThatDoNotFitWhatWasCreated_areRefused_andNothingStays() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> commitOneFile(store, FIRST, metadata(id(2)).build()))
          .withMessageContaining("metadata of recording recording-2 (expected: of recording-1)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> commitOneFile(store, FIRST, Recording.screen(FIRST).build()))
          .withMessageContaining("metadata do not name " + mediaId(FIRST));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> commitOneFile(
              store,
              FIRST,
              metadata(FIRST)
                  .media(MediaFile.builder(MUXED, "video/mp4").build())
                  .build()))
          .withMessageContaining("metadata name muxed.mp4");

      assertThat(files(root)).isEmpty();
      assertThat(all(store)).isEmpty();
    }
  }

  private static void commitOneFile(RecordingStore store, RecordingId id, Recording metadata)
      throws IOException {
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, id, STARTED)) {
      write(pending.create(mediaId(id), MediaSuffix.CONTENT), media(id));
      pending.commit(metadata);
    }
  }

  @Test
  void recordingWithoutMedia_isRefused() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pending.commit(Recording.screen(FIRST).build()))
          .withMessageContaining("no media file");
    }
  }

  @Test
  void mediaStillBeingWritten_areNotCommitted() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      pending.create(mediaId(FIRST), MediaSuffix.CONTENT);

      assertThatIOException()
          .isThrownBy(() -> pending.commit(metadata(FIRST).build()))
          .withMessageContaining("still being written");
      assertThat(files(root)).isEmpty();
    }
  }

  @Test
  void idThatIsTaken_isRefused_atTheBeginningAndAtTheEnd() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        RecordingStore other = RecordingStore.open(root);
        // another day, so that only the catalog can tell
        PendingRecording late = other.begin(Tenant.DEFAULT, FIRST, STARTED.plusSeconds(86_400))) {
      write(late.create(mediaId(FIRST), MediaSuffix.CONTENT), new byte[1]);
      record(store, FIRST);

      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.begin(Tenant.DEFAULT, FIRST, STARTED))
          .withMessageContaining("recording-1");
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> late.commit(metadata(FIRST).build()));

      assertThat(files(root)).hasSize(3);
      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT)).isEqualTo(media(FIRST));
    }
  }

  @Test
  void idOfARecordingThatIsBeingMade_isRefusedAtTheBeginning_untilThatEnds() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED);

      for (int attempt = 0; attempt < 2; attempt++) { // a refusal frees nothing
        assertThatExceptionOfType(FileAlreadyExistsException.class)
            .isThrownBy(() -> store.begin(Tenant.DEFAULT, FIRST, STARTED.plusSeconds(86_400)))
            .withMessage("recording-1: a recording of this id is being made (expected: a new one)");
      }

      pending.close();
      record(store, FIRST);
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.begin(Tenant.DEFAULT, FIRST, STARTED))
          .withMessageContaining("the store has a recording of this id");
      store.delete(FIRST);
      record(store, FIRST);
    }
  }

  @Test
  void oneFileIsCreatedOnce() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
      pending.create(mediaId(FIRST), MediaSuffix.CONTENT);

      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> pending.create(mediaId(FIRST), MediaSuffix.CONTENT));
    }
  }

  @Test
  void mediaAddedLater_joinTheRecording() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording before = record(store, FIRST);
      try (PendingMedia pending = store.addMedia(FIRST)) {
        write(pending.create(MUXED, MediaSuffix.CONTENT), mac(FIRST));
        write(pending.create(MUXED, MediaSuffix.KEY_ENVELOPE), mac(FIRST));

        Recording after = pending.commit(
            MediaFile.builder(MUXED, "video/mp4").parameter("muxedFrom", "both").build());

        assertThat(after.mediaFiles()).hasSize(2);
        assertThat(after.mediaFiles().get(0)).isEqualTo(before.mediaFiles().get(0));
        assertThat(store.find(FIRST)).contains(after);
        assertThat(all(store)).containsExactly(after);
      }
      assertThat(read(store, FIRST, MUXED, MediaSuffix.CONTENT)).isEqualTo(mac(FIRST));
      assertThat(files(root)).hasSize(5);
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.addMedia(FIRST).create(MUXED, MediaSuffix.CONTENT));
    }
  }

  @Test
  void mediaThatAreGivenUp_leaveTheRecordingAsItWas() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording before = record(store, FIRST);
      try (PendingMedia pending = store.addMedia(FIRST)) {
        write(pending.create(MUXED, MediaSuffix.CONTENT), mac(FIRST));
        assertThatIllegalArgumentException().isThrownBy(() -> pending.commit());
      }

      assertThat(store.find(FIRST)).contains(before);
      assertThat(files(root)).hasSize(3);
    }
  }

  @Test
  void metadataOfMediaThatSomebodyElseStored_areInserted_once_andNeverWithoutThem()
      throws IOException {
    Path media = root.resolve(DAY).resolve("recording-1").resolve(mediaId(FIRST).value());
    try (RecordingStore store = RecordingStore.open(root)) {
      Recording described = metadata(FIRST).build();
      assertThatIOException()
          .isThrownBy(() -> store.insert(described))
          .isInstanceOf(NoSuchFileException.class)
          .withMessageContaining(mediaId(FIRST).value());
      assertThat(files(root)).isEmpty();

      Files.createDirectories(media.getParent());
      Files.write(media, media(FIRST));
      MediaFile wrongSize =
          described.mediaFiles().get(0).toBuilder().sizeBytes(1).build();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.insert(described.toBuilder().media(wrongSize).build()))
          .withMessageContaining("size");
      Recording inserted = store.insert(described);

      assertThat(inserted.mediaFiles().get(0).sizeBytes()).isEqualTo(media(FIRST).length);
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.insert(described));
    }
    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).hasSize(1);
      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT)).isEqualTo(media(FIRST));
    }
  }

  @Test
  void update_changesMetadata_butNotWhichMediaThereAre() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);

      store.update(FIRST, recording -> recording.toBuilder().callerNumber("42").build());

      assertThat(store.find(FIRST).orElseThrow().callerNumber()).isEqualTo("42");
      assertThat(store.query(RecordingQuery.ALL.withCaller("42")).recordings()).hasSize(1);
      assertThat(store.query(RecordingQuery.ALL.withCaller("8522001")).recordings())
          .isEmpty();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.update(FIRST, recording -> metadata(id(2)).build()));
      assertThat(files(root)).hasSize(3);
    }
  }

  @Test
  void deletedRecording_isGone_andItsIdIsFree() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      try (SeekableByteChannel reading =
          store.openMedia(FIRST, mediaId(FIRST), MediaSuffix.CONTENT)) {
        store.delete(FIRST);

        assertThat(reading.read(ByteBuffer.allocate(10))).isEqualTo(10);
      }
      assertThat(store.find(FIRST)).isEmpty();
      assertThat(all(store)).isEmpty();
      assertThat(files(root)).isEmpty();
      assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> store.delete(FIRST));
      record(store, FIRST);
    }
  }

  @Test
  void unknownRecording_isNotFound_byName() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(store.find(FIRST)).isEmpty();
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> store.openMedia(FIRST, MUXED, MediaSuffix.CONTENT))
          .withMessageContaining("recording-1");
      assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> store.addMedia(FIRST));
      record(store, FIRST);
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> store.openMedia(FIRST, MUXED, MediaSuffix.CONTENT));
    }
  }

  @Test
  void lostCatalog_isMadeAnewFromTheMetadata() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      record(store, id(2));
    }
    for (String name : List.of("catalog.db", "catalog.db-wal", "catalog.db-shm")) {
      Files.deleteIfExists(root.resolve(name));
    }

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).extracting(Recording::id).containsExactlyInAnyOrder(FIRST, id(2));
    }
  }

  @Test
  void foldersThatWereCopiedOrRemovedByHand_areSeenAtTheNextStart() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      record(store, id(2));
    }
    age(root.resolve(DAY));
    RecordingStore.open(root).close(); // notes that nothing will have changed
    Path archive = root.resolve("abcd/Some tenant/2020-02-29/from-elsewhere");
    Files.createDirectories(archive);
    Files.writeString(
        archive.resolve("recording.json"), "{\"id\":\"from-elsewhere\",\"mediaFiles\":[]}");
    PathUtils.deleteDirectory(root.resolve(DAY).resolve("recording-2"));

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store))
          .extracting(Recording::id)
          .containsExactly(new RecordingId("from-elsewhere"), FIRST);
      assertThat(store.find(new RecordingId("from-elsewhere")).orElseThrow().tenant())
          .isEqualTo(new Tenant("abcd", "Some tenant"));
    }

    PathUtils.deleteDirectory(root.resolve("abcd"));
    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).extracting(Recording::id).containsExactly(FIRST);
    }
  }

  @Test
  void unchangedDay_isNotReadAgain() throws Exception {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
    }
    age(root.resolve(DAY));
    RecordingStore.open(root).close();
    try (Connection catalog =
            DriverManager.getConnection("jdbc:sqlite:" + root.resolve("catalog.db"));
        Statement statement = catalog.createStatement()) {
      statement.execute("DELETE FROM media_file");
      statement.execute("DELETE FROM recording"); // what a start would notice if it looked
    }

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).isEmpty();
    }
    age(root.resolve(DAY), 7200);
    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).hasSize(1);
    }
  }

  private static void age(Path folder) throws IOException {
    age(folder, 3600);
  }

  private static void age(Path folder, long seconds) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  @Test
  void metadataThatVanishedWhileOpen_areNotFound() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      Files.delete(root.resolve(DAY).resolve("recording-1/recording.json"));

      assertThat(store.find(FIRST)).isEmpty();
      assertThat(all(store)).isEmpty();
    }
  }

  @Test
  void damagedMetadata_areNamed_andKeepNobodyFromOpening() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      record(store, id(2));
    }
    Files.writeString(root.resolve(DAY).resolve("recording-1/recording.json"), "{\"id\":");
    Files.delete(root.resolve("catalog.db"));

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).extracting(Recording::id).containsExactly(id(2));
    }
  }

  @Test
  void damagedRowAndFile_keepNobodyFromTheMedia_norFromDeletingThem() throws Exception {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      record(store, id(2));
    }
    Files.writeString(root.resolve(DAY).resolve("recording-1/recording.json"), "{\"id\":");
    try (Connection catalog =
            DriverManager.getConnection("jdbc:sqlite:" + root.resolve("catalog.db"));
        Statement statement = catalog.createStatement()) {
      statement.execute("UPDATE recording SET metadata = '{'");
    }
    PathUtils.deleteDirectory(root.resolve(DAY).resolve("recording-2")); // its row must go

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT)).isEqualTo(media(FIRST));
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.begin(Tenant.DEFAULT, FIRST, STARTED));

      store.delete(FIRST);

      assertThat(files(root)).isEmpty();
      assertThat(all(store)).isEmpty();
    }
  }

  @Test
  void metadataOfAnotherRecording_areNotTaken() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
      Files.writeString(
          root.resolve(DAY).resolve("recording-1/recording.json"), "{\"id\":\"recording-2\"}");

      assertThatExceptionOfType(InvalidMetadataException.class)
          .isThrownBy(() -> store.find(FIRST))
          .withMessageContaining("expected: of recording-1");
    }
  }

  @Test
  void copyOnAnotherDay_doesNotTakeOverTheId() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);
    }
    Path copy = root.resolve(DAY).resolveSibling("2015-09-11").resolve("recording-1");
    Files.createDirectories(copy);
    Files.writeString(
        copy.resolve("recording.json"), "{\"id\":\"recording-1\",\"callerPhoneNumber\":\"copy\"}");

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(store.find(FIRST).orElseThrow().callerNumber()).isEqualTo("8522001");
      assertThat(all(store)).hasSize(1);
    }
  }

  @Test
  void newStore_isForItsOwnerAndGroup() throws IOException {
    assumeTrue(
        root.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "skipped: no POSIX file permissions");
    Path made = root.resolve("made/store");
    try (RecordingStore store = RecordingStore.open(made)) {
      record(store, FIRST);

      for (Path path : List.of(made, made.resolve(DAY), made.resolve(DAY).resolve("recording-1"))) {
        assertThat(permissions(path)).isIn("rwxr-x---", "rwx------");
      }
      for (String name : List.of("recording.json", mediaId(FIRST).value())) {
        assertThat(permissions(made.resolve(DAY).resolve("recording-1").resolve(name)))
            .isIn("rw-r-----", "rw-------");
      }
      for (String name : List.of("catalog.db", "catalog.db-wal")) {
        assertThat(permissions(made.resolve(name))).isIn("rw-r-----", "rw-------");
      }
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void fileOrMissingFolder_isNoStore() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");

    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> RecordingStore.open(file));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> RecordingStore.openExisting(root.resolve("missing")))
        .withMessageContaining("holds no store of recordings");
    assertThat(root.resolve("missing")).doesNotExist();
    RecordingStore.open(root).close();
    RecordingStore.openExisting(root).close();
  }

  @Test
  void catalogOfANewerVersion_isRefused_andSaysSo() throws Exception {
    RecordingStore.open(root).close();
    try (Connection catalog =
            DriverManager.getConnection("jdbc:sqlite:" + root.resolve("catalog.db"));
        Statement statement = catalog.createStatement()) {
      statement.execute("UPDATE schema_version SET version = 99");
    }

    assertThatIOException()
        .isThrownBy(() -> RecordingStore.open(root))
        .withMessageContaining("schema version 99 (expected: at most 1");
    assertThat(root.resolve(".writers")).isEmptyDirectory();
  }

  @Test
  void catalogThatIsNone_isRefused_andSaysSo() throws IOException {
    Files.writeString(
        root.resolve("catalog.db"), "no database, but longer than a header is".repeat(50));

    assertThatIOException()
        .isThrownBy(() -> RecordingStore.open(root))
        .withMessageContaining("catalog");
    assertThat(root.resolve(".writers")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Link.class)
  void symbolicLinkBelowTheRoot_isNeitherWrittenNorReadThrough(Link link) throws IOException {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Path inside = root.resolve("store");
    try (RecordingStore store = RecordingStore.open(inside)) {
      record(store, FIRST);
      Path linked = inside.resolve(DAY).resolve(link.path).normalize();
      Files.move(linked, outside.resolve("moved"));
      Files.createSymbolicLink(linked, outside.resolve("moved"));

      if (link != Link.METADATA) {
        assertThatIOException()
            .isThrownBy(() -> read(store, FIRST, mediaId(FIRST), MediaSuffix.CONTENT));
      }
      if (link != Link.METADATA && link != Link.MEDIA) {
        assertThatExceptionOfType(FileSystemException.class)
            .isThrownBy(() -> store.addMedia(FIRST).create(MUXED, MediaSuffix.CONTENT));
      } else {
        assertThatIOException()
            .isThrownBy(() -> store.openMedia(FIRST, new MediaId("moved"), MediaSuffix.CONTENT));
      }
      if (link == Link.METADATA) {
        assertThat(store.find(FIRST)).isEmpty();
      }
    }
    assertThat(files(outside)).noneMatch(name -> name.endsWith(".part"));
  }

  enum Link {
    CONTACT_CENTER("../.."),
    TENANT(".."),
    DAY_FOLDER("."),
    RECORDING("recording-1"),
    METADATA("recording-1/recording.json"),
    MEDIA("recording-1/recording-1_2015-09-10_16-58-22.mp3");

    final String path;

    Link(String path) {
      this.path = path;
    }
  }

  @Test
  void rootMayBeALink() throws IOException {
    Path real = Files.createDirectory(root.resolve("real"));
    Path link = Files.createSymbolicLink(root.resolve("link"), real);

    try (RecordingStore store = RecordingStore.open(link)) {
      record(store, FIRST);

      assertThat(store.find(FIRST)).isPresent();
    }
    assertThat(files(real)).hasSize(3);
  }

  @Test
  void contactCenter_cannotTakeTheCatalogsName() throws IOException {
    try (RecordingStore store = RecordingStore.open(root);
        PendingRecording pending = store.begin(new Tenant("catalog.db-wal", "x"), FIRST, STARTED)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pending.create(mediaId(FIRST), MediaSuffix.CONTENT))
          .withMessageContaining("catalog");
    }
  }

  @Test
  void hostileTenants_stayBelowTheRoot() throws IOException {
    Path inside = root.resolve("store");
    int stored = 0;
    try (RecordingStore store = RecordingStore.open(inside)) {
      for (String name : HostileNames.all().toList()) {
        Tenant tenant;
        try {
          tenant = new Tenant(name, name);
        } catch (IllegalArgumentException e) {
          continue; // refused: TenantTest says so
        }
        RecordingId id = id(++stored);
        try (PendingRecording pending = store.begin(tenant, id, STARTED)) {
          write(pending.create(mediaId(id), MediaSuffix.CONTENT), media(id));
          pending.commit(metadata(id).build());
        }
        assertThat(store.find(id).orElseThrow().tenant()).isEqualTo(tenant);
      }
    }
    assertThat(stored).isGreaterThan(20);
    assertThat(files(root))
        .hasSize(2 * stored
            + (int) files(root).stream()
                .filter(name -> name.contains("catalog.db") || name.contains(".writers"))
                .count());
    assertThat(files(inside)).hasSize(2 * stored).allMatch(name -> name.split("/").length == 5);
    try (RecordingStore store = RecordingStore.open(inside)) {
      assertThat(all(store)).hasSize(stored);
    }
  }

  /** The same with a text by which the stored JSON exceeds the bound by so many bytes. */
  private static Recording tooLong(Recording recording, int excessBytes) {
    int bytes = with("", recording).toJson().length;
    return with("y".repeat(Json.MAX_BYTES + excessBytes - bytes), recording);
  }

  private static Recording with(String text, Recording recording) {
    MediaFile file = recording.mediaFiles().get(0);
    return recording.toBuilder()
        .media(file.toBuilder().parameter("x", text).build())
        .build();
  }

  @Test
  void metadataThatCouldNotBeReadAgain_areRefused_andNothingIsPublished() throws IOException {
    String deep = "{\"x\":".repeat(63) + "{}" + "}".repeat(63);
    List<Step> steps = new ArrayList<>();
    try (RecordingStore store = RecordingStore.open(root, (step, path) -> steps.add(step))) {
      for (Recording refused : List.of(
          tooLong(metadata(FIRST).build(), 1000), metadata(FIRST).event(deep).build())) {
        try (PendingRecording pending = store.begin(Tenant.DEFAULT, FIRST, STARTED)) {
          write(pending.create(mediaId(FIRST), MediaSuffix.CONTENT), media(FIRST));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> pending.commit(refused))
              .withMessageContaining("metadata");
        }
      }
      assertThat(files(root)).isEmpty();

      Recording stored = record(store, FIRST);
      steps.clear();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.update(FIRST, recording -> tooLong(recording, 1)))
          .withMessage("metadata: 4194305 bytes (expected: at most 4194304)");
      assertThat(steps).isEmpty();

      try (PendingMedia pending = store.addMedia(FIRST)) {
        write(pending.create(MUXED, MediaSuffix.CONTENT), mac(FIRST));
        String long4MiB = "y".repeat(Json.MAX_BYTES);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> pending.commit(
                MediaFile.builder(MUXED, "video/mp4").parameter("x", long4MiB).build()))
            .withMessageContaining("expected: at most 4194304");
      }
      assertThat(steps).doesNotContain(Step.LINK);
      assertThat(files(root)).hasSize(3);
      assertThat(all(store)).containsExactly(stored);
    }
  }

  @Test
  void metadataOfTheGreatestLength_areStoredAndFound() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST);

      Recording stored = store.update(FIRST, recording -> tooLong(recording, 0));

      assertThat(stored.toJson()).hasSize(Json.MAX_BYTES);
      assertThat(store.find(FIRST)).contains(stored);
      assertThat(all(store)).containsExactly(stored);
    }
  }

  /** A number such as 1e5 is written longer than it was read. */
  @Test
  void foreignMetadata_areFound_evenWhereTheirTextGrows() throws IOException {
    Path foreign = root.resolve(DAY).resolve("recording-1");
    Files.createDirectories(foreign);
    String numbers = "1e5,".repeat((Json.MAX_BYTES - 100) / 4);
    Files.writeString(
        foreign.resolve("recording.json"), "{\"id\":\"recording-1\",\"x\":[" + numbers + "0]}");

    try (RecordingStore store = RecordingStore.open(root)) {
      assertThat(all(store)).extracting(Recording::id).containsExactly(FIRST);
    }
  }

  @Test
  void textInMetadata_isStoredAsUtf8() throws IOException {
    try (RecordingStore store = RecordingStore.open(root)) {
      record(store, FIRST, STARTED, metadata(FIRST).callerNumber("Zoë ☎").build());

      assertThat(Files.readString(
              root.resolve(DAY).resolve("recording-1/recording.json"), StandardCharsets.UTF_8))
          .contains("Zoë ☎");
      assertThat(store.query(RecordingQuery.ALL.withCaller("Zo*")).recordings()).hasSize(1);
    }
  }
}
