package dev.tapeseal.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which recordings to find; what is null does not matter. Newest first.
 *
 * <pre>{@code
 * store.query(RecordingQuery.ALL.withCaller("8522*").withStartedFrom(monday).withLimit(20));
 * }</pre>
 *
 * @param kind call or screen
 * @param contactCenterId the contact center
 * @param tenant the tenant's name
 * @param caller the caller's number: letters and digits alone count, {@code *} stands for any of them
 * @param dialed the dialed number, likewise
 * @param startedFrom started at this time or later
 * @param startedBefore started before this time
 * @param agentId the agent of any of its media files
 * @param callUuid the call of any of its media files
 * @param cursor where the page begins or ends, as a {@link Page} gave it
 * @param limit how many recordings a page has at most, 1 to 1000
 */
public record RecordingQuery(
    @Nullable RecordingKind kind,
    @Nullable String contactCenterId,
    @Nullable String tenant,
    @Nullable String caller,
    @Nullable String dialed,
    @Nullable Instant startedFrom,
    @Nullable Instant startedBefore,
    @Nullable String agentId,
    @Nullable String callUuid,
    @Nullable String cursor,
    int limit) {

  /** Every recording, in pages of 100. */
  public static final RecordingQuery ALL =
      new RecordingQuery(null, null, null, null, null, null, null, null, null, null, 100);

  private static final int MAX_LIMIT = 1000;

  /** Refuses what cannot be looked for. */
  public RecordingQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
    }
    if (caller != null) {
      NumberPattern.of("caller", caller);
    }
    if (dialed != null) {
      NumberPattern.of("dialed", dialed);
    }
    if (cursor != null) {
      Cursor.parse(cursor);
    }
  }

  /** Only calls, or only screens. */
  public RecordingQuery withKind(RecordingKind value) {
    return new RecordingQuery(
        value,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only one contact center's. */
  public RecordingQuery withContactCenterId(String value) {
    return new RecordingQuery(
        kind,
        value,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only one tenant's. */
  public RecordingQuery withTenant(Tenant value) {
    return new RecordingQuery(
        kind,
        value.contactCenterId(),
        value.name(),
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only those from this caller. */
  public RecordingQuery withCaller(String value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        value,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only those to this number. */
  public RecordingQuery withDialed(String value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        value,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only those that started at this time or later. */
  public RecordingQuery withStartedFrom(Instant value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        value,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only those that started before this time. */
  public RecordingQuery withStartedBefore(Instant value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        value,
        agentId,
        callUuid,
        cursor,
        limit);
  }

  /** Only this agent's. */
  public RecordingQuery withAgentId(String value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        value,
        callUuid,
        cursor,
        limit);
  }

  /** Only those of this call. */
  public RecordingQuery withCallUuid(String value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        value,
        cursor,
        limit);
  }

  /** The page at this cursor; null for the first. */
  public RecordingQuery withCursor(@Nullable String value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        value,
        limit);
  }

  /** At most so many recordings a page. */
  public RecordingQuery withLimit(int value) {
    return new RecordingQuery(
        kind,
        contactCenterId,
        tenant,
        caller,
        dialed,
        startedFrom,
        startedBefore,
        agentId,
        callUuid,
        cursor,
        value);
  }
}
