package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.PendingRecording;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Small encrypted recordings in a store, whatever a policy would say of their certificates. */
final class StoredRecordings {
  private static final Instant STARTED = Instant.parse("2015-09-10T16:58:22Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private StoredRecordings() {}

  static byte[] media(RecordingId id) {
    return ("media of " + id).repeat(10).getBytes(StandardCharsets.UTF_8);
  }

  private static MediaId mediaId(RecordingId id) {
    return new MediaId(id + ".mp3");
  }

  /** Records under the certificates; clear where there is none. */
  static RecordingId record(RecordingStore store, String name, RecordingCertificate... certificates)
      throws IOException {
    return record(store, name, RecordingFormat.PKCS7, certificates);
  }

  static RecordingId record(
      RecordingStore store,
      String name,
      RecordingFormat format,
      RecordingCertificate... certificates)
      throws IOException {
    RecordingId id = new RecordingId(name);
    MediaFile.Builder file = MediaFile.builder(mediaId(id), "audio/mp3").started(STARTED);
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, id, STARTED)) {
      if (certificates.length == 0) {
        try (var channel = pending.create(mediaId(id), MediaSuffix.CONTENT)) {
          channel.write(ByteBuffer.wrap(media(id)));
        }
      } else {
        file.encryption(encrypt(pending, id, format, List.of(certificates)));
      }
      pending.commit(
          Recording.call(id, "1", "2").started(STARTED).media(file.build()).build());
    }
    return id;
  }

  private static MediaEncryption encrypt(
      PendingRecording pending,
      RecordingId id,
      RecordingFormat format,
      List<RecordingCertificate> certificates)
      throws IOException {
    RecordingWriter writer = RecordingWriter.open(
        format,
        WrappedSessionKey.generate(format, certificates, RANDOM),
        part -> pending.create(mediaId(id), MediaSuffix.of(part.suffix())),
        RecordingOptions.live()
            .withMac(new RecordingContext("Environment", id.value(), "audio/mp3", "call")),
        RANDOM);
    try (writer) {
      writer.write(ByteBuffer.wrap(media(id)));
    }
    return new MediaEncryption(
        format.label(),
        certificates.stream()
            .map(certificate -> certificate.named(MediaRecipient::new))
            .toList(),
        writer.facts().fileId(),
        writer.facts().macId(),
        writer.facts().commitment(),
        media(id).length);
  }

  /** What a recording decrypts to. */
  static byte[] decrypt(RecordingStore store, RecordingId id, KeyUnwrapper unwrapper)
      throws IOException {
    MediaEncryption encryption = Objects.requireNonNull(
        store.find(id).orElseThrow().mediaFiles().get(0).encryption(), "it is encrypted");
    try (RecordingReader reader = RecordingReader.open(
        part -> store.findMedia(id, mediaId(id), MediaSuffix.of(part.suffix())),
        unwrapper,
        RecordingExpectation.ofCatalog(
            null, encryption.macId(), encryption.fileId(), encryption.commitment()))) {
      ByteBuffer plaintext = ByteBuffer.allocate((int) reader.size());
      while (plaintext.hasRemaining() && reader.read(plaintext) >= 0) {
        // until it is full
      }
      return plaintext.array();
    }
  }
}
