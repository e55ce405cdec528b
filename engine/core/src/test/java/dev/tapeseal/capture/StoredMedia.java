package dev.tapeseal.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** What lies in a store's folder, looked at from outside the store. */
record StoredMedia(Path folder) {

  static List<RecordingCertificate> certificates(SampleIdentity... identities) throws Exception {
    List<RecordingCertificate> read = new ArrayList<>();
    for (SampleIdentity identity : identities) {
      read.add(RecordingCertificate.read(identity.certificatePath()));
    }
    return read;
  }

  /** What the first sample certificate encrypts, or nothing that anybody does. */
  static List<RecordingCertificate> certificates(boolean encrypted) throws Exception {
    return encrypted ? certificates(SampleCertificates.FIRST) : List.of();
  }

  Path file(Recording recording) {
    String path = recording.mediaFiles().get(0).descriptor().get("path");
    return folder.resolve(Objects.requireNonNull(path));
  }

  /** The media as they were before they were encrypted, where they were; verified against the context of this recording. */
  byte[] play(Recording recording) throws Exception {
    MediaFile media = recording.mediaFiles().get(0);
    MediaEncryption encryption = media.encryption();
    if (encryption == null) {
      return Files.readAllBytes(file(recording));
    }
    RecordingContext context = new RecordingContext(
        recording.tenant().name(),
        recording.id().value(),
        media.type(),
        recording.kind().name().toLowerCase(Locale.ROOT));
    try (BareKeys keys =
            BareKeys.read(List.of(SampleCertificates.FIRST.keyPath()), List.of(), null);
        RecordingReader reader = RecordingReader.open(
            RecordingSource.ofFile(file(recording)),
            keys,
            RecordingExpectation.ofCatalog(
                context, encryption.macId(), encryption.fileId(), encryption.commitment()))) {
      assertThat(reader.isAuthenticated()).isTrue();
      ByteBuffer played = ByteBuffer.allocate((int) reader.size());
      while (played.hasRemaining() && reader.read(played) >= 0) {}
      return played.array();
    }
  }

  /** Every file but the catalog's and the writers' locks. */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !folder.relativize(file).startsWith(".writers"))
          .filter(file -> !file.getFileName().toString().startsWith("catalog.db"))
          .toList();
    }
  }

  List<Path> partFiles() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".part")).toList();
  }

  long biggestPart() throws IOException {
    long biggest = 0;
    for (Path part : partFiles()) {
      biggest = Math.max(biggest, Files.size(part));
    }
    return biggest;
  }
}
