package dev.tapeseal.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metadata of one media file: an element of the documented member {@code mediaFiles}. It cannot change, and
 * keeps members that it does not know. Safe for any thread. It is longer than most classes because it has an accessor,
 * and its builder a method, for each documented member.
 *
 * <pre>{@code
 * MediaFile.builder(mediaId, "audio/mp3").started(started).duration(duration).callUuid(uuid).agentId(id).build();
 * }</pre>
 */
public final class MediaFile {
  private static final String OURS = "tapeseal";
  private static final String PARAMETERS = "parameters";
  private static final String AGENT_ID = "agentId";

  private final ObjectNode json;
  private final MediaId mediaId;
  private final @Nullable Instant started;
  private final @Nullable Instant stopped;
  private final long durationMillis;
  private final long sizeBytes;
  private final Map<String, String> parameters;
  private final Map<String, String> descriptor;
  private final @Nullable MediaEncryption encryption;

  /** Takes a tree that nobody else will change. */
  MediaFile(ObjectNode json) throws InvalidMetadataException {
    this.json = json;
    try {
      mediaId = new MediaId(Json.requiredText(json, "mediaId"));
    } catch (IllegalArgumentException e) {
      throw new InvalidMetadataException(e);
    }
    for (String text : new String[] {
      "type", "callUUID", "tenant", "ivrprofile", "mediaUri", "mediaPath", "playPath"
    }) {
      Json.text(json, text);
    }
    started = Json.time(json, "startTime");
    stopped = Json.time(json, "stopTime");
    durationMillis = Json.count(json, "duration");
    sizeBytes = Json.count(json, "size");
    parameters = texts(Json.child(json, PARAMETERS));
    descriptor = texts(Json.child(json, "mediaDescriptor"));
    ObjectNode ours = Json.child(json, OURS);
    encryption = ours == null ? null : MediaEncryption.read(ours);
  }

  /**
   * Begins the metadata of a new media file.
   *
   * @param type its MIME type, for example {@code audio/mp3}
   */
  public static Builder builder(MediaId mediaId, String type) {
    return new Builder(Json.object().put("mediaId", mediaId.value()).put("type", type));
  }

  /** Begins a changed copy. */
  public Builder toBuilder() {
    return new Builder(json.deepCopy());
  }

  /** Its name in the recording, and in the store. */
  public MediaId mediaId() {
    return mediaId;
  }

  /** The MIME type; empty where the metadata do not say. */
  public String type() {
    return Json.textOrEmpty(json, "type");
  }

  /** When the media start; null where the metadata do not say. */
  public @Nullable Instant started() {
    return started;
  }

  /** When the media end; null where the metadata do not say. */
  public @Nullable Instant stopped() {
    return stopped;
  }

  /** How long the media play, in whole milliseconds; null where the metadata do not say. */
  public @Nullable Duration duration() {
    return durationMillis < 0 ? null : Duration.ofMillis(durationMillis);
  }

  /** The length of the stored file, encrypted or not; -1 where the metadata do not say. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The UUID of the call that the media belong to; empty where the metadata do not say. */
  public String callUuid() {
    return Json.textOrEmpty(json, "callUUID");
  }

  /** The tenant's name; empty where the metadata do not say. */
  public String tenant() {
    return Json.textOrEmpty(json, "tenant");
  }

  /** The IVR profile that was recorded under; empty where the metadata do not say. */
  public String ivrProfile() {
    return Json.textOrEmpty(json, "ivrprofile");
  }

  /** Where a player fetches the media; empty where the metadata do not say. */
  public String mediaUri() {
    return Json.textOrEmpty(json, "mediaUri");
  }

  /** What was known of the call, for example {@code ani} and {@code dnis}; members that are no text are JSON. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** The agent, parameter {@code agentId}; empty where the metadata do not say. */
  public String agentId() {
    return parameters.getOrDefault(AGENT_ID, "");
  }

  /** Where the file is stored, as its storage describes it; empty until it is stored. */
  public Map<String, String> descriptor() {
    return descriptor;
  }

  /** How it is encrypted; null where it is clear, as far as metadata say. */
  public @Nullable MediaEncryption encryption() {
    return encryption;
  }

  ObjectNode json() {
    return json.deepCopy();
  }

  private static Map<String, String> texts(@Nullable ObjectNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (object != null) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        JsonNode value = member.getValue();
        texts.put(member.getKey(), value.isValueNode() ? value.asString() : value.toString());
      }
    }
    return Collections.unmodifiableMap(texts);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MediaFile that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** The JSON object. */
  @Override
  public String toString() {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }

  /** Gathers the members of a media file. Confined to one thread. */
  public static final class Builder {
    private final ObjectNode json;

    private Builder(ObjectNode json) {
      this.json = json;
    }

    /** When the media start; written in milliseconds. */
    public Builder started(Instant started) {
      json.put("startTime", Json.time(started));
      return this;
    }

    /** When the media end; written in milliseconds. */
    public Builder stopped(Instant stopped) {
      json.put("stopTime", Json.time(stopped));
      return this;
    }

    /** How long the media play; written in milliseconds. */
    public Builder duration(Duration duration) {
      json.put("duration", Long.toString(requireNotNegative("duration", duration.toMillis())));
      return this;
    }

    /** The length of the stored file; a store fills it in where it is left out. */
    public Builder sizeBytes(long sizeBytes) {
      json.put("size", Long.toString(requireNotNegative("size", sizeBytes)));
      return this;
    }

    /** The UUID of the call that the media belong to. */
    public Builder callUuid(String callUuid) {
      json.put("callUUID", callUuid);
      return this;
    }

    /** The tenant's name; a store fills it in where it is left out. */
    public Builder tenant(String tenant) {
      json.put("tenant", tenant);
      return this;
    }

    /** The IVR profile that was recorded under. */
    public Builder ivrProfile(String ivrProfile) {
      json.put("ivrprofile", ivrProfile);
      return this;
    }

    /** Where a player fetches the media. */
    public Builder mediaUri(String mediaUri) {
      json.put("mediaUri", mediaUri);
      return this;
    }

    /** The path of the media under the API's root, where a player fetches them. */
    public Builder playPath(String playPath) {
      json.put("mediaPath", playPath).put("playPath", playPath);
      return this;
    }

    /** One thing known of the call, for example {@code ani}. */
    public Builder parameter(String name, String value) {
      Json.childToWrite(json, PARAMETERS).put(name, value);
      return this;
    }

    /** The agent, parameter {@code agentId}. */
    public Builder agentId(String agentId) {
      return parameter(AGENT_ID, agentId);
    }

    /** How it is encrypted. */
    public Builder encryption(MediaEncryption encryption) {
      encryption.write(Json.childToWrite(json, OURS));
      return this;
    }

    Builder descriptor(Map<String, String> descriptor) {
      ObjectNode object = Json.childToWrite(json, "mediaDescriptor");
      descriptor.forEach(object::put);
      return this;
    }

    /** Makes the metadata; an {@link IllegalArgumentException} says what no media file can have. */
    public MediaFile build() {
      try {
        return new MediaFile(json.deepCopy());
      } catch (InvalidMetadataException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    private static long requireNotNegative(String what, long value) {
      if (value < 0) {
        throw new IllegalArgumentException(what + ": " + value + " (expected: >= 0)");
      }
      return value;
    }
  }
}
