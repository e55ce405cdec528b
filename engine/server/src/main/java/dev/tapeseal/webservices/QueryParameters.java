package dev.tapeseal.webservices;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a query for recordings asks for. One without any parameter is an error, as documented. */
final class QueryParameters {
  private static final String CURSOR = "cursor";

  /** In the order in which messages name them. */
  private static final List<String> NAMES = List.of(
      "callerPhoneNumber",
      "dialedPhoneNumber",
      "agentId",
      "callUUID",
      "startTime",
      "endTime",
      "limit",
      CURSOR);

  private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
      .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
      .appendPattern("[XXX][XX][X]")
      .toFormatter(Locale.ROOT);

  private final Map<String, String> values;

  private QueryParameters(Map<String, String> values) {
    this.values = values;
  }

  /** Refuses none, unknown ones, and one that is given twice. */
  static QueryParameters of(Map<String, List<String>> sent) {
    if (sent.isEmpty()) {
      throw bad("query-missing", "The query has no parameter.");
    }
    Set<String> unknown = new TreeSet<>(sent.keySet());
    NAMES.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw bad("query-unknown", "The query has parameters that there are not: " + unknown + ".");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> parameter : sent.entrySet()) {
      if (parameter.getValue().size() > 1) {
        throw bad("query-twice", "The query has " + parameter.getKey() + " more than once.");
      }
      values.put(parameter.getKey(), parameter.getValue().get(0));
    }
    return new QueryParameters(values);
  }

  RecordingQuery query(RecordingKind kind) {
    try {
      RecordingQuery query = RecordingQuery.ALL
          .withKind(kind)
          .withCaller(values.get("callerPhoneNumber"))
          .withDialed(values.get("dialedPhoneNumber"))
          .withAgentId(values.get("agentId"))
          .withCallUuid(values.get("callUUID"))
          .withStartedFrom(time("startTime"))
          .withStartedBefore(time("endTime"))
          .withCursor(values.get(CURSOR));
      String limit = values.get("limit");
      return limit == null ? query : query.withLimit(Integer.parseInt(limit));
    } catch (NumberFormatException e) {
      throw bad("query-invalid", "limit is not a number of 1 to 1000.");
    } catch (IllegalArgumentException e) {
      throw bad("query-invalid", "The query cannot be answered: " + e.getMessage() + ".");
    }
  }

  private @Nullable Instant time(String name) {
    String text = values.get(name);
    if (text == null) {
      return null;
    }
    try {
      // an unencoded '+' of a zone arrives as a blank
      return OffsetDateTime.parse(text.replace(' ', '+'), TIME).toInstant();
    } catch (DateTimeException e) {
      throw bad("query-invalid", name + " is not a time such as 2015-09-10T16:58:22Z.");
    }
  }

  /** The same query for the page at a cursor, as the query of a URI. */
  String at(String cursor) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put(CURSOR, cursor);
    return all.entrySet().stream()
        .map(entry ->
            entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static HttpException bad(String code, String message) {
    return new HttpException(400, code, message, "Use " + String.join(", ", NAMES) + ".");
  }
}
