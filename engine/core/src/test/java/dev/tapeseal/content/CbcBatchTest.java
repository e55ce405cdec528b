package dev.tapeseal.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recordings that are encrypted together are what they would be alone. */
class CbcBatchTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Keeps ciphertext, and fails where it is told to. */
  private static final class Kept implements PieceSink {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private boolean fails;

    @Override
    public void grown(PieceBuffer piece, int from) throws IOException {
      take(piece, from);
    }

    @Override
    public PieceBuffer completed(PieceBuffer piece, int from) throws IOException {
      take(piece, from);
      return piece;
    }

    private void take(PieceBuffer piece, int from) throws IOException {
      if (fails) {
        throw new IOException("disk full");
      }
      octets.write(piece.octets(), from, piece.length() - from);
    }
  }

  /** One recording, and what it is to be. */
  private static final class Member {
    private final byte[] key = bytes(32);
    private final byte[] iv = bytes(16);
    private final ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
    private final Kept kept = new Kept();
    private final CbcWriter writer;

    Member(CbcEncryptor encryptor) {
      try (ContentEncryptionKey contentKey = ContentEncryptionKey.copyOf(key)) {
        writer = new CbcWriter(encryptor, contentKey, iv, kept);
      }
    }

    void write(byte[] frame) throws IOException {
      plaintext.writeBytes(frame);
      writer.write(ByteBuffer.wrap(frame));
    }

    byte[] expected() throws GeneralSecurityException {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(plaintext.toByteArray());
    }
  }

  /** One as somebody else would write it: by what a job tells, all jobs block by block. */
  private static final class Interleaving implements CbcEncryptor {
    private final List<Integer> calls = new ArrayList<>();
    private boolean fails;

    private record OneBlock(Cipher cipher) implements Stream {
      @Override
      public void close() {}
    }

    @Override
    public Stream open(ContentEncryptionKey key, byte[] iv) {
      try {
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key.forCipher(), new IvParameterSpec(iv));
        return new OneBlock(cipher);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void encrypt(Job[] jobs, int count) {
      if (fails) {
        throw new IllegalStateException("the library failed");
      }
      calls.add(count);
      Set<Stream> streams = new HashSet<>();
      boolean more = true;
      for (int at = 0; more; at += BLOCK_BYTES) {
        more = false;
        for (int i = 0; i < count; i++) {
          Job job = jobs[i];
          if (at == 0) {
            assertThat(streams.add(job.stream()))
                .as("no two jobs of one stream")
                .isTrue();
          }
          if (at < job.length()) {
            more = true;
            try {
              ((OneBlock) job.stream())
                  .cipher()
                  .update(
                      job.input(),
                      job.inputOffset() + at,
                      BLOCK_BYTES,
                      job.output(),
                      job.outputOffset() + at);
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException(e);
            }
          }
        }
      }
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest(name = "{0} recordings in batches of {1}, frames of up to {2} bytes")
  @CsvSource({"1, 1, 160", "2, 64, 160", "20, 64, 160", "20, 7, 5000", "5, 64, 20000", "3, 3, 70000"
  })
  void recordings_areWhatTheyWouldBeAlone(int recordings, int size, int largest) throws Exception {
    Random random = new Random(recordings * 31L + largest);
    Interleaving encryptor = new Interleaving();
    CbcBatch batch = new CbcBatch(encryptor, size);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < recordings; i++) {
      Member member = new Member(encryptor);
      member.write(bytes(random.nextInt(100))); // before it joins
      member.writer.joinBatch(batch);
      members.add(member);
    }
    for (int round = 0; round < 300_000 / largest + 20; round++) {
      for (Member member : members) {
        member.write(bytes(random.nextInt(largest + 1)));
        if (random.nextInt(50) == 0) {
          member.writer.handOverFinishedBlocks();
        }
      }
      if (random.nextInt(4) == 0) {
        batch.run();
      }
    }
    for (Member member : members) {
      if (random.nextBoolean()) {
        member.writer.leaveBatch();
      }
      member.writer.finish();
      assertThat(member.kept.octets.toByteArray()).isEqualTo(member.expected());
      assertThat(member.writer.ciphertextBytes()).isEqualTo(member.kept.octets.size());
      member.writer.close();
    }
    assertThat(encryptor.calls.stream().anyMatch(jobs -> jobs > 1))
        .as("several recordings in one call")
        .isEqualTo(recordings > 1);
  }

  @Test
  void finishedBlocks_areHandedOverWhenTheBatchRuns_andNotBefore() throws IOException {
    CbcBatch batch = new CbcBatch(CbcEncryptor.jca(), 8);
    Member member = new Member(CbcEncryptor.jca());
    member.writer.joinBatch(batch);
    member.write(bytes(100));

    member.writer.handOverFinishedBlocks();
    assertThat(member.kept.octets.size()).isZero();
    member.write(bytes(100)); // while it waits
    assertThat(batch.run()).isEqualTo(1);
    assertThat(member.kept.octets.size()).isEqualTo(96);
    assertThat(batch.run()).isZero();
  }

  @Test
  void sinkThatFails_failsItsOwnRecording_atItsNextCall() throws Exception {
    CbcBatch batch = new CbcBatch(CbcEncryptor.jca(), 8);
    Member unlucky = new Member(CbcEncryptor.jca());
    Member lucky = new Member(CbcEncryptor.jca());
    unlucky.writer.joinBatch(batch);
    lucky.writer.joinBatch(batch);
    unlucky.kept.fails = true;
    for (Member member : List.of(unlucky, lucky)) {
      member.write(bytes(1000));
      member.writer.handOverFinishedBlocks();
    }

    batch.run();

    lucky.write(bytes(1000));
    lucky.writer.finish();
    assertThat(lucky.kept.octets.toByteArray()).isEqualTo(lucky.expected());
    assertThatThrownBy(() -> unlucky.write(bytes(1))).hasMessage("disk full");
    assertThatThrownBy(() -> unlucky.writer.finish()).hasMessage("disk full");
    unlucky.writer.close();
    assertThat(unlucky.kept.octets.size()).isZero();
  }

  @Test
  void encryptorThatFails_failsAllThatItWasGiven_andNothingOfThemIsHandedOver() throws IOException {
    Interleaving encryptor = new Interleaving();
    CbcBatch batch = new CbcBatch(encryptor, 8);
    List<Member> members = List.of(new Member(encryptor), new Member(encryptor));
    for (Member member : members) {
      member.writer.joinBatch(batch);
      member.write(bytes(1000));
      member.writer.handOverFinishedBlocks();
    }
    encryptor.fails = true;

    batch.run();

    for (Member member : members) {
      assertThatThrownBy(() -> member.write(bytes(1))).hasMessage("the library failed");
      member.writer.close();
      assertThat(member.kept.octets.size()).isZero();
    }
  }

  @Test
  void recordingThatIsGivenUpWhileItWaits_isLeftOut() throws Exception {
    CbcBatch batch = new CbcBatch(CbcEncryptor.jca(), 8);
    Member givenUp = new Member(CbcEncryptor.jca());
    Member other = new Member(CbcEncryptor.jca());
    for (Member member : List.of(givenUp, other)) {
      member.writer.joinBatch(batch);
      member.write(bytes(1000));
      member.writer.handOverFinishedBlocks();
    }

    givenUp.writer.close();

    assertThat(batch.run()).isEqualTo(1);
    assertThat(givenUp.kept.octets.size()).isZero();
    other.writer.finish();
    assertThat(other.kept.octets.toByteArray()).isEqualTo(other.expected());
  }

  @Test
  void batchOfAnotherEncryptor_andJobsThatDoNotFit_areRefused() {
    Member member = new Member(CbcEncryptor.jca());
    assertThatThrownBy(() -> member.writer.joinBatch(new CbcBatch(new Interleaving(), 8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CbcBatch(CbcEncryptor.jca(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    CbcEncryptor.Job job = new CbcEncryptor.Job(() -> {});
    assertThatThrownBy(() -> job.fill(new byte[16], 0, 15, new byte[16], 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job.fill(new byte[16], 0, 32, new byte[32], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> job.fill(new byte[32], 0, 32, new byte[32], 16))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
