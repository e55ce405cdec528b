package dev.tapeseal.rcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.rcs.RunningRcs.Reply;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.Tenant;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.BEROctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings of each format through the crypto server, whole, by range, damaged, and taken apart by an attacker. */
class StoredFormatsTest {
  private static final int FRAME_BYTES = 160;
  private static final int PIECE_BYTES = 64 * 1024;

  @TempDir
  private Path folder;

  private RunningRcs rcs;
  private final byte[] spoken = new byte[1500 * FRAME_BYTES];

  @BeforeEach
  void start() throws Exception {
    new Random(1500).nextBytes(spoken);
    rcs = RunningRcs.in(folder);
    rcs.importKey("first", SampleCertificates.FIRST);
    rcs.importKey("second", SampleCertificates.SECOND);
  }

  @AfterEach
  void stop() throws Exception {
    rcs.close();
  }

  private Recording record(RecordingFormat format) throws Exception {
    return record(format, spoken.length);
  }

  private Recording record(RecordingFormat format, int spokenBytes) throws Exception {
    RecordingCertificate certificate =
        RecordingCertificate.read(SampleCertificates.FIRST.certificatePath());
    try (CallSession call = Recorder.into(rcs.store)
        .withFormat(format)
        .startCall(
            Interaction.anonymous(new SecureRandom()),
            List.of(certificate),
            AudioFormat.muLaw(8000, 1))) {
      for (int at = 0; at < spokenBytes; at += FRAME_BYTES) {
        call.write(ByteBuffer.wrap(spoken, at, FRAME_BYTES));
      }
      return call.stop();
    }
  }

  private static String playPath(Recording recording) {
    return "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId() + "/recordings/"
        + recording.id() + "/play/" + recording.mediaFiles().get(0).mediaId();
  }

  private Path stored(Recording recording, String suffix) {
    return folder
        .resolve("recordings")
        .resolve(recording.mediaFiles().get(0).descriptor().get("path") + suffix);
  }

  @ParameterizedTest
  @EnumSource
  void recordingOfEachFormat_playsWhole_andByRange(RecordingFormat format) throws Exception {
    Recording recording = record(format);

    Reply whole = rcs.get("player", playPath(recording));

    assertThat(whole.status()).as(whole.text().substring(0, 100)).isEqualTo(200);
    int header = whole.body().length - spoken.length;
    assertThat(Arrays.copyOfRange(whole.body(), header, whole.body().length)).isEqualTo(spoken);
    for (int first : List.of(0, PIECE_BYTES - 1, 2 * PIECE_BYTES, whole.body().length - 1)) {
      int last = Math.min(first + 299, whole.body().length - 1);
      Reply range = rcs.send(
          rcs.as("player", playPath(recording)).header("Range", "bytes=" + first + "-" + last));
      assertThat(range.status()).isEqualTo(206);
      assertThat(range.body()).isEqualTo(Arrays.copyOfRange(whole.body(), first, last + 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void playing_changesNoFile_butTheAuditLog(RecordingFormat format) throws Exception {
    Recording recording = record(format);
    byte[] whole = rcs.get("player", playPath(recording)).body();
    Map<Path, String> before = files();
    long seed = new Random().nextLong();
    Random random = new Random(seed);

    for (int i = 0; i < 40; i++) {
      int first = random.nextInt(whole.length);
      int last = first + random.nextInt(whole.length - first);
      Reply range = rcs.send(
          rcs.as("player", playPath(recording)).header("Range", "bytes=" + first + "-" + last));
      assertThat(range.body())
          .as("seed %s, range %s to %s", seed, first, last)
          .isEqualTo(Arrays.copyOfRange(whole, first, last + 1));
    }

    assertThat(files()).isEqualTo(before);
  }

  /** Every file below the data folder but the audit log: its length and when it was changed. */
  private Map<Path, String> files() throws Exception {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("audit.log")) {
          files.put(file, Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
      }
    }
    return files;
  }

  /** An EnvelopedData of an attacker's own ciphertext, under the recipients of somebody else's envelope. */
  private static byte[] replaying(ASN1Set recipients, byte[] ciphertext) throws Exception {
    AlgorithmIdentifier cipher = new AlgorithmIdentifier(
        NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16]));
    ASN1OctetString content = new BEROctetString(ciphertext);
    EnvelopedData enveloped = new EnvelopedData(
        null,
        recipients,
        new EncryptedContentInfo(CMSObjectIdentifiers.data, cipher, content),
        (ASN1Set) null);
    return new ContentInfo(CMSObjectIdentifiers.envelopedData, enveloped)
        .getEncoded(ASN1Encoding.DER);
  }

  private Reply decrypt(byte[] message) throws Exception {
    return rcs.send(
        rcs.as("player", "/rcs/decrypt").POST(HttpRequest.BodyPublishers.ofByteArray(message)));
  }

  @Test
  void encryptedKeyOfAKnownKeyEnvelope_isRefused_inAnUploadedMessage() throws Exception {
    Recording sealed = record(RecordingFormat.SEALED);
    byte[] keyEnvelope = Files.readAllBytes(stored(sealed, ".p7k"));
    ASN1Set recipients = AuthEnvelopedData.getInstance(
            ContentInfo.getInstance(keyEnvelope).getContent())
        .getRecipientInfos();

    Reply replayed = decrypt(replaying(recipients, new byte[64]));
    Reply itself = decrypt(keyEnvelope);

    assertThat(replayed.status() + " " + replayed.code()).isEqualTo("422 not-decryptable");
    assertThat(itself.status() + " " + itself.code()).isEqualTo("422 not-decryptable");
    assertThat(rcs.auditLog().get(0)).contains("belongs to the key envelope of a stored recording");

    Recording later = record(RecordingFormat.PKCS7_DETACHED);
    EnvelopedData envelope = EnvelopedData.getInstance(
        ContentInfo.getInstance(Files.readAllBytes(stored(later, ".p7"))).getContent());
    byte[] content = Files.readAllBytes(stored(later, ""));
    Reply attached = decrypt(replaying(envelope.getRecipientInfos(), content));

    assertThat(attached.status() + " " + attached.code())
        .as("of a recording that was stored after the first message")
        .isEqualTo("422 not-decryptable");
    assertThat(rcs.auditLog().get(rcs.auditLog().size() - 1))
        .contains("belongs to the key envelope of a stored recording");
    assertThat(decrypt(Files.readAllBytes(stored(record(RecordingFormat.PKCS7), "")))
            .status())
        .isEqualTo(200);
  }

  private interface Damage {
    void to(Path media) throws Exception;
  }

  private static void flip(Path file, int at) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    Files.write(file, bytes);
  }

  private static void cut(Path file, int length) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));
  }

  private static Path beside(Path media, String suffix) {
    return media.resolveSibling(media.getFileName() + suffix);
  }

  private String answerAfter(RecordingFormat format, Damage damage) throws Exception {
    Recording recording = record(format);
    damage.to(stored(recording, ""));
    Reply reply = rcs.get("player", playPath(recording));
    return reply.status() + " " + reply.whole().headers().map().keySet() + " " + reply.text();
  }

  @Test
  void everyDamageFoundBeforeTheFirstByte_hasOneAnswer() throws Exception {
    List<Damage> ofCbc = List.of(
        media -> flip(media, 10), // the envelope's own bytes
        media -> flip(media, 250), // the encrypted key
        media -> flip(media, 700), // the first piece
        media -> flip(media, -1), // the padding
        media -> flip(media, -17), // the last block but one
        media -> cut(media, -1),
        media -> cut(media, -16),
        media -> cut(media, 400),
        media -> cut(media, 0),
        media -> Files.delete(beside(media, ".mac")),
        media -> flip(beside(media, ".mac"), 12), // its id
        media -> flip(beside(media, ".mac"), -1), // the last tag
        media -> cut(beside(media, ".mac"), -32),
        media -> Files.write(media, new byte[5000]));
    List<Damage> ofSealed = List.of(
        media -> flip(media, 4), // the version
        media -> flip(media, 20), // the file id
        media -> flip(media, 40), // the commitment
        media -> flip(media, 200), // the first segment
        media -> flip(media, -1), // the last tag
        media -> cut(media, -1),
        media -> cut(media, 100),
        media -> Files.delete(beside(media, ".p7k")),
        media -> flip(beside(media, ".p7k"), 300),
        media -> flip(beside(media, ".p7k"), -1),
        media -> cut(beside(media, ".p7k"), 50));

    String expected = answerAfter(RecordingFormat.PKCS7, ofCbc.get(0));
    assertThat(expected).startsWith("422 ").contains("{\"error\":{\"code\":\"not-decryptable\"");
    for (int i = 0; i < ofCbc.size(); i++) {
      assertThat(answerAfter(RecordingFormat.PKCS7, ofCbc.get(i)))
          .as("damage %s of pkcs7", i)
          .isEqualTo(expected);
    }
    for (int i = 0; i < ofSealed.size(); i++) {
      assertThat(answerAfter(RecordingFormat.SEALED, ofSealed.get(i)))
          .as("damage %s of sealed", i)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageFoundLater_cutsTheConnection_andNothingOfTheDamagedPieceLeaves(RecordingFormat format)
      throws Exception {
    Recording recording = record(format);
    byte[] whole = rcs.get("player", playPath(recording)).body();
    flip(stored(recording, ""), PIECE_BYTES + 5000); // opening verifies the last two pieces

    byte[] received = untilCut(playPath(recording));

    assertThat(received.length).isGreaterThanOrEqualTo(PIECE_BYTES).isLessThan(whole.length);
    assertThat(received).isEqualTo(Arrays.copyOf(whole, received.length));
    Reply before = rcs.send(rcs.as("player", playPath(recording)).header("Range", "bytes=0-999"));
    assertThat(before.body()).isEqualTo(Arrays.copyOf(whole, 1000));
  }

  /** What of a body came before the connection ended, which it must do before the length that was promised. */
  private byte[] untilCut(String path) throws Exception {
    try (CutClient client = new CutClient(rcs.server().port())) {
      CutClient.Body body = client.get(path, "player");
      assertThat(body.received().length).isLessThan((int) body.promised());
      return body.received();
    }
  }

  @ParameterizedTest(name = "of {0} spoken bytes")
  @ValueSource(ints = {FRAME_BYTES, 1500 * FRAME_BYTES})
  void unauthenticatedMessage_endsAlike_whateverIsWrongWithIt(int spokenBytes) throws Exception {
    Path media = stored(record(RecordingFormat.PKCS7, spokenBytes), "");
    byte[] message = Files.readAllBytes(media);
    List<Damage> damages = List.of(
        file -> flip(file, 300), // the encrypted key: implicit rejection
        file -> flip(file, -17), // what the padding decrypts to
        file -> cut(file, -1),
        file -> cut(file, -16));

    for (Damage damage : damages) {
      Files.write(media, message);
      damage.to(media);
      try (CutClient client = new CutClient(rcs.server().port())) {
        CutClient.Body body = client.post("/rcs/decrypt", "player", Files.readAllBytes(media));
        assertThat(body.status()).isEqualTo(200);
        assertThat(body.complete()).as("the last chunk came").isFalse();
      }
    }
  }

  @Test
  void everyNameThatTriesToLeaveTheStore_isRefused() throws Exception {
    Recording recording = record(RecordingFormat.PKCS7);
    String path = playPath(recording);
    String mediaId = recording.mediaFiles().get(0).mediaId().value();

    assertThat(HostilePaths.ENCODED).hasSizeGreaterThanOrEqualTo(60);
    for (String name : HostilePaths.ENCODED) {
      for (String hostile : List.of(
          path.replace(recording.id().value(), name),
          path.replace(mediaId, name),
          path.replace(Tenant.DEFAULT.contactCenterId(), name))) {
        try (CutClient client = new CutClient(rcs.server().port())) {
          assertThat(client.get(hostile, "player").status()).as(hostile).isIn(400, 404);
        }
      }
    }
  }
}
