package dev.tapeseal.keystore;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.TimeLimit;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JKS and JCEKS files whose author chose what opening them costs, or lengths that they do not have. */
class JavaStoreCostTest {
  private static final char[] PASSWORD = KeyStores.PASSWORD.toCharArray();
  private static final int JKS = 0xfeedfeed;
  private static final int JCEKS = 0xcececece;
  private static final int CERTIFICATES = Integer.MAX_VALUE;

  @ParameterizedTest(name = "{0} keys of {1} iterations")
  @CsvSource({
    "1, 2000001, more than 2000000 iterations",
    "1, 2147483647, more than 2000000 iterations",
    "51, 2000000, more than 100000000"
  })
  void keysThatCostTooMuch_alone_orTogether_areRefusedAtOnce(
      int keys, int iterations, String message) throws Exception {
    byte[] bytes = jceks(keys, iterations);

    assertRefusedAtOnce(bytes, message);
  }

  @Test
  void keysThatCostWhatAFileMayAskFor_areNotRefusedForIt() throws Exception {
    JavaStoreCost.check(jceks(50, 2_000_000), "keystore.jceks");
  }

  @Test
  void secretKeysOfJceks_countAsTheMostThatTheyCanCost() throws Exception {
    KeyStore store = KeyStore.getInstance("JCEKS");
    store.load(null, null);
    store.setKeyEntry(
        "first", FIRST.privateKey(), PASSWORD, new Certificate[] {FIRST.certificate()});
    for (int i = 0; i < 20; i++) {
      store.setKeyEntry("secret" + i, new SecretKeySpec(new byte[16], "AES"), PASSWORD, null);
    }
    assertRefusedAtOnce(stored(store), "more than 100000000 iterations");

    for (int i = 1; i < 20; i++) {
      store.deleteEntry("secret" + i);
    }
    KeyRing ring =
        KeyStoreFile.decode(stored(store), "keystore.jceks", PASSWORD).ring(PASSWORD);
    assertThat(ring.keys()).hasSize(1);
    assertThat(ring.unusableAliases()).containsExactly("secret0");
  }

  private static byte[] stored(KeyStore store) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, PASSWORD);
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"JKS", "JCEKS"})
  void aFileThatIsCutShort_isDamaged_whereverItIsCut(String type) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setKeyEntry(
        "first", FIRST.privateKey(), PASSWORD, new Certificate[] {FIRST.certificate()});
    byte[] whole = stored(store);
    JavaStoreCost.check(whole, "keystore");

    for (int length = 4; length < whole.length - 20; length += 7) { // 20 bytes of digest follow
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> JavaStoreCost.check(cut, "keystore"))
          .as("%s bytes", length)
          .isInstanceOf(RecordingKeyStoreException.Unreadable.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(ints = {JKS, JCEKS})
  void lengthsThatTheFileDoesNotHave_areNotBelieved(int magic) throws Exception {
    for (int length : new int[] {Integer.MAX_VALUE, 1 << 20, -1, Integer.MIN_VALUE}) {
      assertRefusedAtOnce(
          file(magic, 1, out -> {
            out.writeInt(1);
            out.writeUTF("first");
            out.writeLong(0);
            out.writeInt(length);
          }),
          "damaged");
    }
    assertRefusedAtOnce(file(magic, Integer.MAX_VALUE, out -> {}), "damaged");
    assertRefusedAtOnce(file(magic, 1, out -> out.writeInt(4)), "damaged");
    assertRefusedAtOnce(
        file(magic, 1, out -> {
          out.writeInt(1);
          out.writeUTF("first");
          out.writeLong(0);
          byte[] key = encrypted(1);
          out.writeInt(key.length);
          out.write(key);
          out.writeInt(CERTIFICATES);
        }),
        "damaged");
  }

  private static void assertRefusedAtOnce(byte[] bytes, String message) {
    TimeLimit.assertAtOnce(
        message,
        () -> assertThatThrownBy(() -> KeyStoreFile.decode(bytes, "keystore.jceks", PASSWORD))
            .isInstanceOf(RecordingKeyStoreException.Unreadable.class)
            .hasMessageStartingWith("keystore.jceks: ")
            .hasMessageContaining(message));
  }

  private static byte[] jceks(int keys, int iterations) throws IOException {
    byte[] key = encrypted(iterations);
    return file(JCEKS, keys, out -> {
      for (int i = 0; i < keys; i++) {
        out.writeInt(1);
        out.writeUTF("key" + i);
        out.writeLong(0);
        out.writeInt(key.length);
        out.write(key);
        out.writeInt(0);
      }
    });
  }

  private static byte[] encrypted(int iterations) throws IOException {
    return new EncryptedPrivateKeyInfo(
            new AlgorithmIdentifier(
                new ASN1ObjectIdentifier("1.3.6.1.4.1.42.2.19.1"),
                new PBEParameter(new byte[8], iterations)),
            new byte[64])
        .getEncoded("DER");
  }

  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] file(int magic, int entries, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    out.writeInt(2);
    out.writeInt(entries);
    content.write(out);
    return bytes.toByteArray();
  }
}
