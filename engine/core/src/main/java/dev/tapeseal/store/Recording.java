package dev.tapeseal.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A recording's metadata in the documented JSON shape, what {@code recording.json} holds. It cannot change, and
 * keeps members that it does not know. Safe for any thread.
 *
 * <p>Under the member {@code tapeseal} stands what is ours: {@code kind} (call or screen), {@code contactCenterId}
 * and {@code tenant}. Metadata without it are a call's, of {@link Tenant#DEFAULT}'s contact center. It is longer than
 * most classes because it has an accessor, and its builder a method, for each documented member.
 *
 * <pre>{@code
 * Recording call = Recording.call(id, "8522001", "+14160000001").started(started).media(mediaFile).build();
 * }</pre>
 */
public final class Recording {
  private static final String OURS = "tapeseal";
  private static final String MEDIA_FILES = "mediaFiles";
  private static final String EVENT_HISTORY = "eventHistory";

  private final ObjectNode json;
  private final RecordingId id;
  private final RecordingKind kind;
  private final Tenant tenant;
  private final @Nullable Instant started;
  private final @Nullable Instant stopped;
  private final List<MediaFile> mediaFiles;

  /** Takes a tree that nobody else will change. */
  private Recording(ObjectNode json) throws InvalidMetadataException {
    this.json = json;
    mediaFiles = readMediaFiles(json);
    Json.text(json, "callerPhoneNumber");
    Json.text(json, "dialedPhoneNumber");
    started = Json.time(json, "startTime");
    stopped = Json.time(json, "stopTime");
    ObjectNode ours = Json.child(json, OURS);
    try {
      id = new RecordingId(Json.requiredText(json, "id"));
      kind = readKind(ours);
      tenant = readTenant(ours, mediaFiles);
    } catch (IllegalArgumentException e) {
      throw new InvalidMetadataException(e);
    }
  }

  /** Begins the metadata of a call recording. */
  public static Builder call(RecordingId id, String callerNumber, String dialedNumber) {
    return new Builder(id, RecordingKind.CALL)
        .callerNumber(callerNumber)
        .dialedNumber(dialedNumber);
  }

  /** Begins the metadata of a screen recording. */
  public static Builder screen(RecordingId id) {
    return new Builder(id, RecordingKind.SCREEN).callerNumber("").dialedNumber("");
  }

  /**
   * Reads metadata, UTF-8. Liberal: only {@code id} must be there, and in each media file {@code mediaId}.
   *
   * @param utf8 at most 4 MiB
   * @throws InvalidMetadataException where this is not a recording's metadata
   */
  public static Recording parse(byte[] utf8) throws InvalidMetadataException {
    return new Recording(Json.parse(utf8));
  }

  /** Reads what {@link #toCompactJson} wrote. */
  static Recording parseCompact(String json) throws InvalidMetadataException {
    return new Recording(Json.parseUnbounded(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Begins a changed copy. */
  public Builder toBuilder() {
    return new Builder(json.deepCopy());
  }

  /** Its name in the store. */
  public RecordingId id() {
    return id;
  }

  /** Whether it is a call's or a screen's. */
  public RecordingKind kind() {
    return kind;
  }

  /** Whose it is. */
  public Tenant tenant() {
    return tenant;
  }

  /** The caller's number (ANI); empty where the metadata do not say. */
  public String callerNumber() {
    return Json.textOrEmpty(json, "callerPhoneNumber");
  }

  /** The dialed number (DNIS); empty where the metadata do not say. */
  public String dialedNumber() {
    return Json.textOrEmpty(json, "dialedPhoneNumber");
  }

  /** When it started; where it does not say, when the first of its media did; null where none says. */
  public @Nullable Instant started() {
    return started != null
        ? started
        : mediaFiles.stream()
            .map(MediaFile::started)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
  }

  /** When it ended; where it does not say, when the last of its media did; null where none says. */
  public @Nullable Instant stopped() {
    return stopped != null
        ? stopped
        : mediaFiles.stream()
            .map(MediaFile::stopped)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  /** Its media files, in their order, no two with one id. */
  public List<MediaFile> mediaFiles() {
    return mediaFiles;
  }

  /** The media file of this id; null where it has none. */
  public @Nullable MediaFile mediaFile(MediaId mediaId) {
    return mediaFiles.stream()
        .filter(file -> file.mediaId().equals(mediaId))
        .findFirst()
        .orElse(null);
  }

  /** The UUID of its call: that of the first media file that says; empty where none does. */
  public String callUuid() {
    return mediaFiles.stream()
        .map(MediaFile::callUuid)
        .filter(uuid -> !uuid.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Its agent: that of the first media file that says; empty where none does. */
  public String agentId() {
    return mediaFiles.stream()
        .map(MediaFile::agentId)
        .filter(agent -> !agent.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The documented JSON, UTF-8, indented. */
  public byte[] toJson() {
    return Json.bytes(json);
  }

  /** The same on one line. */
  String toCompactJson() {
    return Json.compact(json);
  }

  private static List<MediaFile> readMediaFiles(ObjectNode json) throws InvalidMetadataException {
    JsonNode node = json.get(MEDIA_FILES);
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (!(node instanceof ArrayNode array)) {
      throw new InvalidMetadataException(MEDIA_FILES + ": not a JSON array");
    }
    List<MediaFile> files = new ArrayList<>();
    Set<MediaId> seen = new HashSet<>();
    for (JsonNode element : array) {
      if (!(element instanceof ObjectNode object)) {
        throw new InvalidMetadataException(MEDIA_FILES + ": not an array of JSON objects");
      }
      MediaFile file = new MediaFile(object.deepCopy());
      if (!seen.add(file.mediaId())) {
        throw new InvalidMetadataException(
            MEDIA_FILES + ": " + file.mediaId() + " twice (expected: once)");
      }
      files.add(file);
    }
    return List.copyOf(files);
  }

  private static RecordingKind readKind(@Nullable ObjectNode ours) throws InvalidMetadataException {
    String kind = ours == null ? null : Json.text(ours, "kind");
    if (kind == null) {
      return RecordingKind.CALL;
    }
    return switch (kind) {
      case "call" -> RecordingKind.CALL;
      case "screen" -> RecordingKind.SCREEN;
      default ->
        throw new InvalidMetadataException(
            "kind: " + Printable.of(kind) + " (expected: call or screen)");
    };
  }

  private static Tenant readTenant(@Nullable ObjectNode ours, List<MediaFile> files)
      throws InvalidMetadataException {
    String contactCenter = ours == null ? null : Json.text(ours, "contactCenterId");
    String name = ours == null ? null : Json.text(ours, "tenant");
    if (name == null) {
      name = files.stream()
          .map(MediaFile::tenant)
          .filter(tenant -> !tenant.isEmpty())
          .findFirst()
          .orElse(Tenant.DEFAULT.name());
    }
    return new Tenant(
        contactCenter == null ? Tenant.DEFAULT.contactCenterId() : contactCenter, name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recording that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** The JSON. */
  @Override
  public String toString() {
    return new String(toJson(), StandardCharsets.UTF_8);
  }

  /** Gathers the members of a recording. Confined to one thread. */
  public static final class Builder {
    private final ObjectNode json;

    private Builder(ObjectNode json) {
      this.json = json;
    }

    private Builder(RecordingId id, RecordingKind kind) {
      this(Json.object().put("id", id.value()));
      callerNumber("").dialedNumber("");
      json.putArray(MEDIA_FILES);
      json.putArray(EVENT_HISTORY);
      kind(kind);
    }

    /** Whether it is a call's or a screen's. */
    public Builder kind(RecordingKind kind) {
      Json.childToWrite(json, OURS).put("kind", kind.name().toLowerCase(Locale.ROOT));
      return this;
    }

    /** Whose it is. */
    public Builder tenant(Tenant tenant) {
      Json.childToWrite(json, OURS)
          .put("contactCenterId", tenant.contactCenterId())
          .put("tenant", tenant.name());
      return this;
    }

    /** The caller's number (ANI). */
    public Builder callerNumber(String number) {
      json.put("callerPhoneNumber", number);
      return this;
    }

    /** The dialed number (DNIS). */
    public Builder dialedNumber(String number) {
      json.put("dialedPhoneNumber", number);
      return this;
    }

    /** When it started; written in milliseconds. */
    public Builder started(Instant started) {
      json.put("startTime", Json.time(started));
      return this;
    }

    /** When it ended; written in milliseconds. */
    public Builder stopped(Instant stopped) {
      json.put("stopTime", Json.time(stopped));
      return this;
    }

    /** Adds a media file, or replaces the one of the same id. */
    public Builder media(MediaFile file) {
      ArrayNode files =
          json.get(MEDIA_FILES) instanceof ArrayNode array ? array : json.putArray(MEDIA_FILES);
      for (int i = 0; i < files.size(); i++) {
        if (files.get(i) instanceof ObjectNode object
            && file.mediaId().value().equals(object.path("mediaId").asString(""))) {
          files.set(i, file.json());
          return this;
        }
      }
      files.add(file.json());
      return this;
    }

    /**
     * Adds an event to the history.
     *
     * @param eventJson a JSON object
     * @throws InvalidMetadataException where it is none
     */
    public Builder event(String eventJson) throws InvalidMetadataException {
      ObjectNode event = Json.parse(eventJson.getBytes(StandardCharsets.UTF_8));
      ArrayNode events =
          json.get(EVENT_HISTORY) instanceof ArrayNode array ? array : json.putArray(EVENT_HISTORY);
      events.add(event);
      return this;
    }

    /** Makes the metadata; an {@link IllegalArgumentException} says what no recording can have. */
    public Recording build() {
      try {
        return new Recording(json.deepCopy());
      } catch (InvalidMetadataException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }
}
