package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog in a file. */
class SqliteCatalogTest extends CatalogContract {

  @TempDir
  Path folder;

  @Override
  Catalog open() throws IOException {
    return JdbcCatalog.sqlite(folder.resolve("catalog.db"), DiskSteps.NONE);
  }

  @Test
  void queriesOver20000Recordings_goThroughAnIndex() throws Exception {
    List<CatalogEntry> entries = IntStream.range(0, 20_000)
        .mapToObj(i -> entry(
            Recording.call(id(i), "85" + i, "1416" + i)
                .media(MediaFile.builder(mediaId(id(i)), "audio/mp3")
                    .callUuid("call-" + id(i))
                    .agentId("agent" + i % 100)
                    .build()),
            STARTED.plusMillis(i)))
        .toList();
    catalog.reconcile(entries.get(0).place().storedDay(), entries, List.of(), "", place -> true);

    assertThat(plan(RecordingQuery.ALL))
        .first()
        .asString()
        .startsWith("SCAN recording USING INDEX");
    for (RecordingQuery query : List.of(
        RecordingQuery.ALL.withStartedFrom(STARTED).withStartedBefore(STARTED.plusSeconds(60)),
        RecordingQuery.ALL.withCaller("8512001"),
        RecordingQuery.ALL.withCaller("851*"),
        RecordingQuery.ALL.withDialed("1416*"),
        RecordingQuery.ALL.withAgentId("agent7"),
        RecordingQuery.ALL.withCallUuid("call-recording-1"),
        RecordingQuery.ALL.withCursor("after_1441904302000_recording-5"),
        RecordingQuery.ALL.withCursor("before_1441904302000_recording-5"))) {
      assertThat(plan(query))
          .as(query.toString())
          .filteredOn(line -> line.startsWith("SCAN") || line.startsWith("SEARCH"))
          .isNotEmpty()
          .allMatch(line -> line.startsWith("SEARCH") && line.contains("INDEX"));
      assertThat(catalog.query(query).recordings()).hasSizeBetween(1, 100);
    }
  }

  private List<String> plan(RecordingQuery query) throws Exception {
    String text = query.cursor();
    QuerySql sql = QuerySql.page(query, text == null ? null : Cursor.parse(text));
    List<String> plan = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("catalog.db"));
        PreparedStatement explain =
            connection.prepareStatement("EXPLAIN QUERY PLAN " + sql.text())) {
      for (int i = 0; i < sql.parameters().size(); i++) {
        explain.setObject(i + 1, sql.parameters().get(i));
      }
      try (ResultSet rows = explain.executeQuery()) {
        while (rows.next()) {
          plan.add(rows.getString("detail"));
        }
      }
    }
    return plan;
  }
}
