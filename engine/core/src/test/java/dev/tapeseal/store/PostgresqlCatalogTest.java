package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.all;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static dev.tapeseal.store.StoreSamples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog in PostgreSQL: what every catalog does, and what a server brings with it. */
class PostgresqlCatalogTest extends CatalogContract {
  private static @Nullable PostgresqlServer running;

  @TempDir
  Path folder;

  @BeforeAll
  static void start() throws Exception {
    running = PostgresqlServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (running != null) {
      running.close();
    }
  }

  private static PostgresqlServer server() {
    if (running == null) {
      throw new IllegalStateException("the server was started before all tests");
    }
    return running;
  }

  @Override
  Catalog open() throws IOException {
    return server().address().open(folder, DiskSteps.NONE);
  }

  private static Connection connection() throws Exception {
    return DriverManager.getConnection(
        server().url(), PostgresqlServer.USER, PostgresqlServer.PASSWORD);
  }

  @Test
  void storesThatShareADatabase_seeTheirOwnRecordings() throws Exception {
    try (RecordingStore first =
            RecordingStore.open(folder.resolve("1"), server().address());
        RecordingStore second =
            RecordingStore.open(folder.resolve("2"), server().address())) {
      record(first, id(1));
      record(second, id(1));
      record(second, id(2));

      assertThat(all(first)).hasSize(1);
      assertThat(all(second)).hasSize(2);
    }
    try (RecordingStore again =
        RecordingStore.open(folder.resolve("1"), server().address())) {
      assertThat(all(again)).hasSize(1);
    }
  }

  @Test
  void schemaOfAnotherStore_isRefused_andLeftAlone() throws Exception {
    CatalogAddress named = server().address("?currentSchema=calls");
    try (RecordingStore first = RecordingStore.open(folder.resolve("1"), named)) {
      record(first, id(1));
    }

    assertThatIOException()
        .isThrownBy(() -> RecordingStore.open(folder.resolve("2"), named).close())
        .withMessageContaining("another store's (expected: a schema or file of its own");

    try (RecordingStore first = RecordingStore.open(folder.resolve("1"), named);
        Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM calls.recording")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(1);
      assertThat(all(first)).hasSize(1);
    }
  }

  @Test
  void rowsThatTheCatalogLacks_areAddedAtStart() throws Exception {
    Path root = folder.resolve("store");
    try (RecordingStore embedded = RecordingStore.open(root)) {
      IntStream.range(0, 20).forEach(i -> recordUnchecked(embedded, i));
    }

    try (RecordingStore moved = RecordingStore.open(root, server().address())) {
      assertThat(all(moved)).hasSize(20);
      assertThat(moved.count(RecordingQuery.ALL.withAgentId("agent7"))).isEqualTo(20);
    }
  }

  private static void recordUnchecked(RecordingStore store, int number) {
    try {
      record(store, id(number));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manyWhoOpenANewDatabaseAtOnce_allDo() throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 5; round++) {
        Path root = folder.resolve("fresh-" + round);
        List<Future<?>> done = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          RecordingId id = id(thread);
          done.add(executor.submit(() -> {
            try (RecordingStore store = RecordingStore.open(root, server().address())) {
              return record(store, id);
            }
          }));
        }
        for (Future<?> one : done) {
          one.get();
        }
        try (RecordingStore store = RecordingStore.open(root, server().address())) {
          assertThat(all(store)).hasSize(threads);
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void newerSchema_isRefused() throws Exception {
    catalog.close();
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE \"tapeseal_" + CatalogOwner.storeId(folder)
          + "\".schema_version SET version = 99");
    }

    assertThatIOException().isThrownBy(this::open).withMessageContaining("version 99");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "immediate"})
  @Timeout(120)
  void databaseThatRestarts_isUsedAgain(String mode) throws Exception {
    Path root = folder.resolve("store");
    try (RecordingStore store = RecordingStore.open(root, server().address())) {
      record(store, id(1));
      ExecutorService readers = Executors.newFixedThreadPool(8);
      readers.invokeAll(Collections.nCopies(64, () -> all(store))); // over every connection
      readers.shutdown();

      server().stop(mode);
      server().startAgain();

      assertThat(all(store)).hasSize(1);
      record(store, id(2));
      assertThat(all(store)).hasSize(2);
    }
  }

  @Test
  @Timeout(120)
  void databaseThatIsAway_isSaid_andWhatWasNotStoredLeavesNothing() throws Exception {
    Path root = folder.resolve("store");
    try (RecordingStore store = RecordingStore.open(root, server().address())) {
      record(store, id(1));
      PendingRecording pending = store.begin(Tenant.DEFAULT, id(2), STARTED);
      StoreSamples.write(pending.create(mediaId(id(2)), MediaSuffix.CONTENT), new byte[10]);
      server().stop("fast");
      try {
        IOException failure = catchThrowableOfType(
            IOException.class, () -> pending.commit(StoreSamples.metadata(id(2)).build()));

        assertThat(failure).hasMessageContaining("cannot be reached").hasMessageContaining("again");
        assertThat(failure.toString()).doesNotContain(PostgresqlServer.PASSWORD);
      } finally {
        server().startAgain();
      }
      assertThat(all(store)).hasSize(1);
      record(store, id(2));
      assertThat(StoreSamples.files(root)).hasSize(7); // 3 each, and the store's id
    }
  }

  @Test
  void wrongPasswordOrAddress_isSaidAtOnce_withoutThePassword() {
    CatalogAddress wrong = CatalogAddress.of(
        server().url() + "?ApplicationName=x",
        Optional.of(PostgresqlServer.USER),
        "guessed".toCharArray());
    CatalogAddress nobody = CatalogAddress.of(
        "jdbc:postgresql://127.0.0.1:1/postgres", Optional.of("me"), "guessed".toCharArray());

    assertThatIOException()
        .isThrownBy(() -> RecordingStore.open(folder.resolve("s"), wrong))
        .withMessageContaining("password authentication failed")
        .withMessageNotContaining("guessed");
    assertThatIOException()
        .isThrownBy(() -> RecordingStore.open(folder.resolve("s"), nobody))
        .withMessageContaining("refused")
        .withMessageNotContaining("guessed");
    assertThat(wrong.toString()).doesNotContain("guessed", "?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jdbc:mysql://host/calls",
        "postgresql://host/calls",
        "jdbc:sqlite:",
        "jdbc:postgresql://me:secret@host/calls",
        "jdbc:postgresql://host/calls?user=me&password=secret",
        "jdbc:postgresql://host/calls?sslpassword=secret"
      })
  void addressOfAnotherKind_orWithAPassword_isRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatalogAddress.of(url, Optional.empty(), new char[0]))
        .withMessageContaining("catalog URL")
        .withMessageNotContaining("secret");
  }

  @Test
  void queriesOverManyRecordings_goThroughAnIndex() throws Exception {
    List<CatalogEntry> entries = IntStream.range(0, 4_000)
        .mapToObj(i -> entry(
            Recording.call(id(i), "85" + i, "1416" + i)
                .media(MediaFile.builder(mediaId(id(i)), "audio/mp3")
                    .callUuid("call-" + id(i))
                    .agentId("agent" + i % 1000)
                    .build()),
            STARTED.plusMillis(i)))
        .toList();
    catalog.reconcile(entries.get(0).place().storedDay(), entries, List.of(), "", place -> true);
    String schema = "tapeseal_" + CatalogOwner.storeId(folder);

    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path TO " + schema);
      statement.execute("ANALYZE");
      for (RecordingQuery query : List.of(
          RecordingQuery.ALL,
          RecordingQuery.ALL.withCaller("852001"),
          RecordingQuery.ALL.withCaller("85120*"),
          RecordingQuery.ALL.withAgentId("agent7"),
          RecordingQuery.ALL.withCallUuid("call-recording-1"),
          RecordingQuery.ALL.withCursor("after_1441904302000_recording-5"))) {
        String text = query.cursor();
        QuerySql sql = QuerySql.page(query, text == null ? null : Cursor.parse(text));
        assertThat(plan(connection, sql))
            .as(query.toString())
            .contains("Index")
            .doesNotContain("Seq Scan on recording");
      }
    }
  }

  private static String plan(Connection connection, QuerySql sql) throws Exception {
    try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql.text())) {
      for (int i = 0; i < sql.parameters().size(); i++) {
        explain.setObject(i + 1, sql.parameters().get(i));
      }
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows = explain.executeQuery()) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  @Test
  void storeId_isTheSameForAllWhoAsk() throws Exception {
    assertThat(CatalogOwner.storeId(folder)).isEqualTo(CatalogOwner.storeId(folder));
    Files.write(folder.resolve(".store-id"), "../x".getBytes(StandardCharsets.US_ASCII));

    assertThatIOException()
        .isThrownBy(() -> CatalogOwner.storeId(folder))
        .withMessageContaining("32 hexadecimal digits");
  }
}
