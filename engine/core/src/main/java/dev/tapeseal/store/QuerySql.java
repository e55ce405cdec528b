package dev.tapeseal.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A query in SQL that SQLite and PostgreSQL understand alike. */
record QuerySql(String text, List<Object> parameters) {

  /** Selects a page, and one recording more where there is one. */
  static QuerySql page(RecordingQuery query, @Nullable Cursor cursor) {
    Conditions conditions = new Conditions(query);
    boolean newer = cursor != null && cursor.direction() == Cursor.Direction.BEFORE;
    if (cursor != null) {
      conditions.add(
          "(start_ms, id) " + (newer ? ">" : "<") + " (?, ?)",
          cursor.startMillis(),
          cursor.id().value());
    }
    String order = newer ? "start_ms, id" : "start_ms DESC, id DESC";
    return conditions.select(
        "metadata, contact_center, tenant, day, id",
        " ORDER BY " + order + " LIMIT " + (query.limit() + 1));
  }

  static QuerySql count(RecordingQuery query) {
    return new Conditions(query).select("COUNT(*)", "");
  }

  private static final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    Conditions(RecordingQuery query) {
      RecordingKind kind = query.kind();
      equal("kind", kind == null ? null : kind.name().toLowerCase(Locale.ROOT));
      equal("contact_center", query.contactCenterId());
      equal("tenant", query.tenant());
      like("caller", query.caller());
      like("dialed", query.dialed());
      Instant from = query.startedFrom();
      if (from != null) {
        add("start_ms >= ?", roundedUp(from));
      }
      Instant before = query.startedBefore();
      if (before != null) {
        add("start_ms < ?", roundedUp(before));
      }
      ofMedia("agent_id", query.agentId());
      ofMedia("call_uuid", query.callUuid());
    }

    private void equal(String column, @Nullable String value) {
      if (value != null) {
        add(column + " = ?", value);
      }
    }

    private void like(String column, @Nullable String number) {
      if (number == null) {
        return;
      }
      NumberPattern pattern = NumberPattern.of(column, number);
      if (pattern.isExact()) {
        add(column + " = ?", pattern.exact());
        return;
      }
      String prefix = pattern.prefix();
      char last = prefix.isEmpty() ? Character.MAX_VALUE : prefix.charAt(prefix.length() - 1);
      if (last < 0x7f) {
        // the range is what an index serves; only in ASCII is the next character surely the next in
        // the index
        String end = prefix.substring(0, prefix.length() - 1) + (char) (last + 1);
        add(column + " >= ? AND " + column + " < ?", prefix, end);
      }
      add(column + " LIKE ?", pattern.like());
    }

    private void ofMedia(String column, @Nullable String value) {
      if (value != null) {
        add(
            "id IN (SELECT recording_id FROM media_file WHERE " + column + " = ?)",
            IndexedText.of(value));
      }
    }

    void add(String condition, Object... values) {
      conditions.add(condition);
      parameters.addAll(List.of(values));
    }

    QuerySql select(String columns, String end) {
      String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
      return new QuerySql(
          "SELECT " + columns + " FROM recording" + where + end, List.copyOf(parameters));
    }

    /** Metadata have whole milliseconds: 0.5 ms is after 0 ms and before 1 ms. */
    private static long roundedUp(Instant time) {
      try {
        long millis = time.toEpochMilli();
        return Instant.ofEpochMilli(millis).isBefore(time) ? Math.addExact(millis, 1) : millis;
      } catch (ArithmeticException e) {
        return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
    }
  }
}
