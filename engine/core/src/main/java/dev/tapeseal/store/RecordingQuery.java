package dev.tapeseal.store;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which recordings to find, newest first; what is null does not matter. It cannot change. Safe for any thread.
 *
 * <pre>{@code
 * store.query(RecordingQuery.ALL.withCaller("8522*").withStartedFrom(monday).withLimit(20));
 * }</pre>
 */
public final class RecordingQuery implements Cloneable {
  /** Every recording, in pages of 100. */
  public static final RecordingQuery ALL = new RecordingQuery();

  private static final int MAX_LIMIT = 1000;

  private @Nullable RecordingKind kind;
  private @Nullable String contactCenterId;
  private @Nullable String tenant;
  private @Nullable String caller;
  private @Nullable String dialed;
  private @Nullable Instant startedFrom;
  private @Nullable Instant startedBefore;
  private @Nullable String agentId;
  private @Nullable String callUuid;
  private @Nullable String cursor;
  private int limit = 100;

  private RecordingQuery() {}

  /** Only calls, or only screens. */
  public RecordingQuery withKind(@Nullable RecordingKind value) {
    return changed(query -> query.kind = value);
  }

  /** Only one contact center's. */
  public RecordingQuery withContactCenterId(@Nullable String value) {
    return changed(query -> query.contactCenterId = value);
  }

  /** Only one tenant's. */
  public RecordingQuery withTenant(Tenant value) {
    return changed(query -> {
      query.contactCenterId = value.contactCenterId();
      query.tenant = value.name();
    });
  }

  /** Only those from this number: letters and digits alone count, {@code *} stands for any of them. */
  public RecordingQuery withCaller(@Nullable String value) {
    if (value != null) {
      NumberPattern.of("caller", value);
    }
    return changed(query -> query.caller = value);
  }

  /** Only those to this number, likewise. */
  public RecordingQuery withDialed(@Nullable String value) {
    if (value != null) {
      NumberPattern.of("dialed", value);
    }
    return changed(query -> query.dialed = value);
  }

  /** Only those that started at this time or later. */
  public RecordingQuery withStartedFrom(@Nullable Instant value) {
    return changed(query -> query.startedFrom = value);
  }

  /** Only those that started before this time. */
  public RecordingQuery withStartedBefore(@Nullable Instant value) {
    return changed(query -> query.startedBefore = value);
  }

  /** Only those with a media file of this agent. */
  public RecordingQuery withAgentId(@Nullable String value) {
    return changed(query -> query.agentId = value);
  }

  /** Only those with a media file of this call. */
  public RecordingQuery withCallUuid(@Nullable String value) {
    return changed(query -> query.callUuid = value);
  }

  /** The page at this cursor, as a {@link Page} gave it; null for the first. */
  public RecordingQuery withCursor(@Nullable String value) {
    if (value != null) {
      Cursor.parse(value);
    }
    return changed(query -> query.cursor = value);
  }

  /** At most so many recordings a page, 1 to 1000. */
  public RecordingQuery withLimit(int value) {
    if (value < 1 || value > MAX_LIMIT) {
      throw new IllegalArgumentException("limit: " + value + " (expected: 1 to " + MAX_LIMIT + ")");
    }
    return changed(query -> query.limit = value);
  }

  private RecordingQuery changed(Consumer<RecordingQuery> change) {
    RecordingQuery copy = clone();
    change.accept(copy);
    return copy;
  }

  @Override
  protected RecordingQuery clone() {
    try {
      return (RecordingQuery) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("it is Cloneable", e);
    }
  }

  @Nullable
  RecordingKind kind() {
    return kind;
  }

  @Nullable
  String contactCenterId() {
    return contactCenterId;
  }

  @Nullable
  String tenant() {
    return tenant;
  }

  @Nullable
  String caller() {
    return caller;
  }

  @Nullable
  String dialed() {
    return dialed;
  }

  @Nullable
  Instant startedFrom() {
    return startedFrom;
  }

  @Nullable
  Instant startedBefore() {
    return startedBefore;
  }

  @Nullable
  String agentId() {
    return agentId;
  }

  @Nullable
  String callUuid() {
    return callUuid;
  }

  @Nullable
  String cursor() {
    return cursor;
  }

  int limit() {
    return limit;
  }

  @Override
  public String toString() {
    return "RecordingQuery[kind=" + kind + ", contactCenterId=" + contactCenterId + ", tenant="
        + tenant
        + ", caller=" + caller + ", dialed=" + dialed + ", startedFrom=" + startedFrom
        + ", startedBefore=" + startedBefore + ", agentId=" + agentId + ", callUuid=" + callUuid
        + ", cursor=" + cursor + ", limit=" + limit + "]";
  }
}
