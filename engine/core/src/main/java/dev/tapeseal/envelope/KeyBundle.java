package dev.tapeseal.envelope;

import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.content.SealedHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a key envelope holds: a sealed recording's session key, and which file it is for. In JSON, of which the key is
 * written and read as bytes, since text in a parser's hands cannot be wiped.
 */
final class KeyBundle implements AutoCloseable {
  private static final int VERSION = 1;
  private static final int SUITE_AES_256_GCM_HKDF_SHA256 = 1;
  private static final int KEY_BYTES = ContentEncryptionKey.KEY_BITS / Byte.SIZE;
  private static final String SESSION_KEY = "sessionKey";
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final ContentEncryptionKey sessionKey;
  private final String fileId;
  private final String commitment;
  private final RecordingContext context;
  private final String created;

  private KeyBundle(
      ContentEncryptionKey sessionKey,
      String fileId,
      String commitment,
      RecordingContext context,
      String created) {
    this.sessionKey = sessionKey;
    this.fileId = fileId;
    this.commitment = commitment;
    this.context = context;
    this.created = created;
  }

  /** The bundle of a file; the session key stays the caller's to close. */
  static KeyBundle of(
      ContentEncryptionKey sessionKey,
      SealedHeader header,
      RecordingContext context,
      Instant created) {
    return new KeyBundle(
        sessionKey, header.fileId(), header.commitment(), context, created.toString());
  }

  /** The session key, closed with the bundle. */
  ContentEncryptionKey sessionKey() {
    return sessionKey;
  }

  RecordingContext context() {
    return context;
  }

  /** Refuses a bundle that is another file's, or whose context is not the one that the file is bound to. */
  void requireFor(SealedHeader header) throws EnvelopeException.Damaged {
    if (!fileId.equals(header.fileId()) || !commitment.equals(header.commitment())) {
      throw new EnvelopeException.Damaged("key envelope: for the file with id " + fileId
          + " (expected: " + header.fileId() + "); is it another recording's?");
    }
    if (!header.isBoundTo(context)) {
      throw new EnvelopeException.Damaged(
          "the recording is bound to another context than its key envelope's, " + context);
    }
  }

  /** In JSON; the caller wipes it. */
  byte[] toJson() {
    ObjectNode json = JsonNodeFactory.instance
        .objectNode()
        .put("version", VERSION)
        .put("suite", SUITE_AES_256_GCM_HKDF_SHA256)
        .put("fileId", fileId)
        .put("commitment", commitment)
        .put("created", created)
        .put("tenant", context.tenant())
        .put("recordingId", context.recordingId())
        .put("mediaType", context.mediaType())
        .put("track", context.track());
    byte[] withoutKey = JsonMapper.shared().writeValueAsBytes(json);
    byte[] member = (",\"" + SESSION_KEY + "\":\"").getBytes(StandardCharsets.US_ASCII);
    byte[] key = sessionKey.copyBytes();
    ByteBuffer whole = ByteBuffer.allocate(withoutKey.length + member.length + 2 * key.length + 1);
    whole.put(withoutKey, 0, withoutKey.length - 1).put(member);
    HexFormat hex = HexFormat.of();
    for (byte octet : key) {
      whole.put((byte) hex.toHighHexDigit(octet)).put((byte) hex.toLowHexDigit(octet));
    }
    whole.put((byte) '"').put((byte) '}');
    Arrays.fill(key, (byte) 0);
    return whole.array();
  }

  /**
   * Reads a bundle; the caller wipes its own array.
   *
   * @throws EnvelopeException.Damaged where it is none, or of a version or suite that is unknown
   */
  static KeyBundle read(byte[] json) throws EnvelopeException.Damaged {
    Map<String, String> members = new HashMap<>();
    int keyOffset = -1;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notABundle();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals(SESSION_KEY)) { // its text is never asked for
          keyOffset = (int) parser.currentTokenLocation().getByteOffset();
        } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
          parser.skipChildren();
        } else {
          members.put(name, parser.getString());
        }
      }
    } catch (JacksonException e) {
      throw notABundle();
    }
    String version = members.get("version");
    String suite = members.get("suite");
    if (!String.valueOf(VERSION).equals(version)
        || !String.valueOf(SUITE_AES_256_GCM_HKDF_SHA256).equals(suite)) {
      throw new EnvelopeException.Damaged(
          "key envelope: version " + version + ", suite " + suite + " (expected: 1, 1)");
    }
    RecordingContext context = new RecordingContext(
        member(members, "tenant"),
        member(members, "recordingId"),
        member(members, "mediaType"),
        member(members, "track"));
    return new KeyBundle(
        sessionKey(json, keyOffset),
        member(members, "fileId"),
        member(members, "commitment"),
        context,
        member(members, "created"));
  }

  private static String member(Map<String, String> members, String name)
      throws EnvelopeException.Damaged {
    @Nullable String value = members.get(name);
    if (value == null) {
      throw new EnvelopeException.Damaged(
          "key envelope: its content has no " + name + " (expected: a sealed recording's keys)");
    }
    return value;
  }

  /** Decodes the hexadecimal string whose quotation mark is at the offset. */
  private static ContentEncryptionKey sessionKey(byte[] json, int quotation)
      throws EnvelopeException.Damaged {
    byte[] key = new byte[KEY_BYTES];
    int end = quotation + 1 + 2 * KEY_BYTES;
    boolean whole =
        quotation >= 0 && end < json.length && json[quotation] == '"' && json[end] == '"';
    for (int i = 0; whole && i < KEY_BYTES; i++) {
      int high = Character.digit(json[quotation + 1 + 2 * i], 16);
      int low = Character.digit(json[quotation + 2 + 2 * i], 16);
      whole = high >= 0 && low >= 0;
      key[i] = (byte) (high << 4 | low);
    }
    try {
      if (!whole) {
        throw new EnvelopeException.Damaged("key envelope: its content has no session key of "
            + 2 * KEY_BYTES + " hexadecimal digits");
      }
      return ContentEncryptionKey.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static EnvelopeException.Damaged notABundle() {
    return new EnvelopeException.Damaged(
        "key envelope: its content is not JSON (expected: a sealed recording's keys)");
  }

  @Override
  public void close() {
    sessionKey.close();
  }
}
