package dev.tapeseal.rcs;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.Form;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKey;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an administrator uploads: a certificate, its private key and the key's password, as a form's parts or a JSON
 * object's members. Bytes, wiped when it is closed; none of them is ever a text. Confined to one thread.
 */
final class Upload implements AutoCloseable {
  /** The most bytes of a request: two files as large as the key store takes them would be more than anyone has. */
  static final int MAX_BYTES = 256 * 1024;

  private static final String CERTIFICATE = "certificate";
  private static final String KEY = "key";
  private static final String PASSWORD = "password";
  private static final List<String> NAMES =
      List.of(CERTIFICATE, KEY, PASSWORD, "alias", "playbackOnly");

  private final Map<String, byte[]> parts = new HashMap<>();

  private Upload() {}

  /**
   * Takes a request's body.
   *
   * @throws HttpException 400 where it is neither a form nor JSON of texts
   */
  static Upload of(Request request) {
    Upload upload = new Upload();
    String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("multipart/form-data")) {
      for (Form.Part part : request.form().parts()) {
        upload.add(part.name(), part.bytes());
      }
      return upload;
    }
    try (FlatJson json = FlatJson.parse(request.body())) {
      NAMES.forEach(name -> json.member(name).ifPresent(bytes -> upload.add(name, bytes.clone())));
    }
    return upload;
  }

  /** An empty part is none: so does a browser send a file that was not chosen. */
  private void add(String name, byte[] bytes) {
    if (bytes.length == 0 || !NAMES.contains(name)) {
      Arrays.fill(bytes, (byte) 0);
      return;
    }
    byte[] before = parts.put(name, bytes);
    if (before != null) {
      Arrays.fill(before, (byte) 0);
      close();
      throw new HttpException(400, "part-twice", "'" + name + "' is there twice.", "Send it once.");
    }
  }

  boolean hasCertificate() {
    return parts.containsKey(CERTIFICATE);
  }

  boolean hasKey() {
    return parts.containsKey(KEY);
  }

  /** A part that is no secret. */
  Optional<String> text(String name) {
    return Optional.ofNullable(parts.get(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
  }

  /** The certificates, that of the key first. */
  List<RecordingCertificate> certificates() throws CertificateUnreadableException {
    return RecordingCertificate.parse(required(CERTIFICATE), CERTIFICATE);
  }

  /** The private key, which the caller closes. */
  RecordingKey key() throws PrivateKeyException {
    byte[] key = required(KEY);
    byte[] password = parts.get(PASSWORD);
    if (password == null) {
      return RecordingKey.parse(key, KEY, null);
    }
    if (password.length > KeyPassword.MAX_BYTES) {
      throw new HttpException(
          400,
          "password-too-long",
          "The password is longer than " + KeyPassword.MAX_BYTES + " bytes.",
          "Send the private key's password.");
    }
    char[] characters = characters(password);
    try (KeyPassword opening = KeyPassword.of(characters)) {
      return RecordingKey.parse(key, KEY, opening);
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  /** Key and certificate, which belong to each other; the caller closes it. */
  KeyMaterial material(List<RecordingCertificate> certificates) throws PrivateKeyException {
    RecordingKey key = key();
    boolean taken = false;
    try {
      KeyMaterial material =
          KeyMaterial.of(key, certificates.get(0), certificates.subList(1, certificates.size()));
      taken = true;
      return material;
    } finally {
      if (!taken) {
        key.close();
      }
    }
  }

  private byte[] required(String name) {
    byte[] part = parts.get(name);
    if (part == null) {
      throw new HttpException(
          400,
          "part-missing",
          "There is no '" + name + "'.",
          "Send certificate and key, and the key's password where it has one.");
    }
    return part;
  }

  private static char[] characters(byte[] utf8) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
    char[] characters = new char[decoded.remaining()];
    decoded.get(characters);
    Arrays.fill(decoded.array(), '\0');
    return characters;
  }

  /** Wipes all of it. May be called more than once. */
  @Override
  public void close() {
    parts.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0));
  }

  @Override
  public String toString() {
    return "Upload" + parts.keySet();
  }
}
