package dev.tapeseal.keystore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The file that a backup of a key store is: a ZIP of {@code README.txt}, {@code keys.txt}, {@code keystore.p12} and
 * {@code MANIFEST.sha256}, which {@code sha256sum -c} checks, so that whoever finds it in ten years can open it with
 * unzip and openssl alone. What is secret in it is encrypted by PKCS#12.
 *
 * @param manifest what it says of itself
 * @param keyStore PKCS#12 under the backup's password
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BackupArchive(BackupManifest manifest, byte[] keyStore) {
  /** The most bytes that a backup may have. */
  static final int MAX_BYTES = 2 * RecordingKeyStore.MAX_BYTES;

  private static final String README = "README.txt";
  private static final String KEYS = "keys.txt";
  private static final String KEY_STORE = "keystore.p12";
  private static final String DIGESTS = "MANIFEST.sha256";
  private static final int MAX_TEXT_BYTES = 1024 * 1024;
  private static final String EXPLANATION = """
      This is a backup of a Tapeseal key store: the private keys that open encrypted recordings.

      keystore.p12     every key with its certificates: PKCS#12, under the password of the backup
      keys.txt         when it was made, and the SHA-256 of each public key (SubjectPublicKeyInfo)
      MANIFEST.sha256  of the other files; check them with: sha256sum -c MANIFEST.sha256

      To restore it:   tapeseal keystore restore BACKUP --backup-password-file F
                         --keystore NEW.p12 --keystore-password-file F
      Without it:      unzip BACKUP; then any program that reads PKCS#12, for example
                       openssl pkcs12 -in keystore.p12 -nodes -out keys.pem
                       openssl cms -decrypt -inform DER -in RECORDING -recip CERT.pem -inkey KEY.pem -out MEDIA
      """;

  byte[] encoded() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(README, EXPLANATION.getBytes(StandardCharsets.UTF_8));
    files.put(KEYS, manifest.encoded());
    files.put(KEY_STORE, keyStore);
    files.put(DIGESTS, digests(files).getBytes(StandardCharsets.UTF_8));
    return zip(files, manifest.created());
  }

  /** The same files give the same bytes: they are stored as they are, since ciphertext does not compress anyway. */
  private static byte[] zip(Map<String, byte[]> files, Instant created) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] content = file.getValue();
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(created.atOffset(ZoneOffset.UTC).toLocalDateTime());
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  private static String digests(Map<String, byte[]> files) {
    StringBuilder lines = new StringBuilder();
    files.forEach((name, content) -> lines
        .append(HexFormat.of().formatHex(sha256(content)))
        .append("  ")
        .append(name)
        .append('\n'));
    return lines.toString();
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Takes a file apart, and checks every digest. How the ZIP is made does not matter, since it may be packed anew, or
   * have lost its directory, and still hold every key.
   *
   * @throws RecordingKeyStoreException.Unreadable where it is no backup, or damaged
   */
  static BackupArchive parse(byte[] bytes, String source)
      throws RecordingKeyStoreException.Unreadable {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        int maxBytes = switch (entry.getName()) {
          case README, KEYS, DIGESTS -> MAX_TEXT_BYTES;
          case KEY_STORE -> RecordingKeyStore.MAX_BYTES;
          default -> throw damaged(source, "it holds another file than a backup does", null);
        };
        byte[] content = zip.readNBytes(maxBytes + 1);
        if (content.length > maxBytes || files.put(entry.getName(), content) != null) {
          throw damaged(source, entry.getName() + " is too large, or there twice", null);
        }
      }
    } catch (RecordingKeyStoreException.Unreadable e) {
      throw e;
    } catch (IOException | RuntimeException e) { // whatever the ZIP reader meets
      throw damaged(source, "not an undamaged ZIP file", e);
    }
    byte[] keys = files.get(KEYS);
    byte[] keyStore = files.get(KEY_STORE);
    byte[] digests = files.get(DIGESTS);
    if (keys == null || keyStore == null || digests == null) {
      throw damaged(source, "no backup of a key store", null);
    }
    BackupManifest manifest = BackupManifest.parse(keys, source + ", " + KEYS);
    files.remove(DIGESTS);
    if (!MessageDigest.isEqual(digests, digests(files).getBytes(StandardCharsets.UTF_8))) {
      throw damaged(source, "a file in it does not have the SHA-256 that its manifest says", null);
    }
    return new BackupArchive(manifest, keyStore);
  }

  private static RecordingKeyStoreException.Unreadable damaged(
      String source, String what, @Nullable Exception cause) {
    return new RecordingKeyStoreException.Unreadable(
        source + ": " + what + " (expected: a backup that 'tapeseal keystore backup' made)", cause);
  }
}
