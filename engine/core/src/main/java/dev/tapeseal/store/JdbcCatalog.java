package dev.tapeseal.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A catalog in a relational database. Its SQL is what databases have in common; what they do not is in the factory
 * method of each. It is longer than most classes because it is one list of statements.
 *
 * <p>SQLite: write-ahead log with a full fsync a commit, so that what was committed survives a power cut; a writer
 * waits up to 30 seconds for another. The log needs all processes on one machine.
 */
final class JdbcCatalog implements Catalog {
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BUSY_RETRY = Duration.ofMillis(20);
  private static final int SQLITE_BUSY = 5;
  private static final int MAX_CONNECTIONS = 4;
  private static final String OF_DAY = " WHERE contact_center = ? AND tenant = ? AND day = ?";

  private final ReentrantLock writers = new ReentrantLock(true);
  private final HikariDataSource pool;
  private final String name;
  private final Path place;
  private final Dialect dialect;
  private final DiskSteps steps;

  /**
   * Takes over a pool.
   *
   * @param name what messages call it
   * @param place what commits are told of to those who watch
   */
  JdbcCatalog(HikariDataSource pool, String name, Path place, Dialect dialect, DiskSteps steps) {
    this.pool = pool;
    this.name = name;
    this.place = place;
    this.dialect = dialect;
    this.steps = steps;
  }

  /** Opens a catalog in a file, which is made where it is missing; another store's is refused. */
  static JdbcCatalog sqliteOf(String storeId, Path file, DiskSteps steps) throws IOException {
    JdbcCatalog catalog = sqlite(file, steps);
    boolean open = false;
    try {
      catalog.transact(connection -> CatalogOwner.require(connection, storeId, file.toString()));
      open = true;
      return catalog;
    } finally {
      if (!open) {
        catalog.close();
      }
    }
  }

  /** Opens a catalog in a file, which is made where it is missing. */
  static JdbcCatalog sqlite(Path file, DiskSteps steps) throws IOException {
    try {
      Files.createFile(file, Ownership.file(file)); // SQLite would make it readable for everybody
    } catch (FileAlreadyExistsException e) {
      // it is there: the usual case
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.enforceForeignKeys(true);
    config.enableCaseSensitiveLike(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    useWriteAheadLog(source, file);
    HikariConfig pooled = new HikariConfig();
    pooled.setPoolName("catalog");
    pooled.setDataSource(source);
    pooled.setMaximumPoolSize(MAX_CONNECTIONS);
    pooled.setMinimumIdle(1);
    pooled.setConnectionTimeout(BUSY_TIMEOUT.multipliedBy(2).toMillis());
    try {
      JdbcCatalog catalog = new JdbcCatalog(
          new HikariDataSource(pooled), file.toString(), file, Dialect.SQLITE, steps);
      boolean open = false;
      try {
        catalog.migrate();
        open = true;
        return catalog;
      } finally {
        if (!open) {
          catalog.close();
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("catalog: " + file + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /**
   * Switches to the write-ahead log, once for all: the file remembers it. SQLite waits for other processes that use
   * the file, but not when the journal's mode changes; so that is repeated here.
   */
  private static void useWriteAheadLog(SQLiteDataSource source, Path file) throws IOException {
    long deadlineNanos = System.nanoTime() + BUSY_TIMEOUT.toNanos();
    while (true) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        return;
      } catch (SQLException e) {
        if ((e.getErrorCode() & 0xff) != SQLITE_BUSY || System.nanoTime() - deadlineNanos > 0) {
          throw new IOException("catalog: " + file + ": " + Dialect.SQLITE.reason(e), e);
        }
      }
      try {
        Thread.sleep(BUSY_RETRY.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while another process was opening " + file);
      }
    }
  }

  private void migrate() throws IOException {
    boolean current = read(connection -> Schema.version(connection) == Schema.VERSION);
    if (!current) {
      transact(connection -> Schema.migrate(connection, dialect));
    }
  }

  @Override
  public void insert(CatalogEntry entry, Publication publication) throws IOException {
    write(connection -> {
      if (select(connection, entry.place().id()) != null) {
        throw new FileAlreadyExistsException(
            entry.place().id().value(),
            null,
            "the store has a recording of this id (expected: a new one)");
      }
      put(connection, entry);
      publication.publish();
    });
  }

  @Override
  public void replace(Change change) throws IOException {
    write(connection -> {
      CatalogEntry entry = change.apply();
      delete(connection, entry.place().id());
      put(connection, entry);
    });
  }

  @Override
  public void remove(RecordingId id, Publication publication) throws IOException {
    write(connection -> {
      delete(connection, id);
      publication.publish();
    });
  }

  @Override
  public @Nullable RecordingPlace find(RecordingId id) throws IOException {
    return read(connection -> Optional.ofNullable(select(connection, id))).orElse(null);
  }

  @Override
  public Page query(RecordingQuery query) throws IOException {
    String text = query.cursor();
    Cursor cursor = text == null ? null : Cursor.parse(text);
    List<CatalogEntry> found = read(connection -> {
      try (PreparedStatement select = prepare(connection, QuerySql.page(query, cursor));
          ResultSet rows = select.executeQuery()) {
        List<CatalogEntry> entries = new ArrayList<>();
        while (rows.next()) {
          entries.add(entry(rows));
        }
        return entries;
      }
    });
    boolean more = found.size() > query.limit();
    List<CatalogEntry> shown = new ArrayList<>(more ? found.subList(0, query.limit()) : found);
    boolean upwards = cursor != null && cursor.direction() == Cursor.Direction.BEFORE;
    if (upwards) {
      Collections.reverse(shown);
    }
    boolean older = upwards || more;
    boolean newer = upwards ? more : cursor != null;
    return new Page(
        shown.stream().map(CatalogEntry::recording).toList(),
        older ? cursor(Cursor.Direction.AFTER, shown, shown.size() - 1) : null,
        newer ? cursor(Cursor.Direction.BEFORE, shown, 0) : null);
  }

  private static @Nullable String cursor(
      Cursor.Direction direction, List<CatalogEntry> shown, int index) {
    if (shown.isEmpty()) {
      return null;
    }
    CatalogEntry entry = shown.get(index);
    return new Cursor(direction, entry.startMillis(), entry.place().id()).text();
  }

  @Override
  public long count(RecordingQuery query) throws IOException {
    return read(connection -> {
      try (PreparedStatement select = prepare(connection, QuerySql.count(query));
          ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    });
  }

  @Override
  public Set<StoredDay> days() throws IOException {
    return read(connection -> {
      String sql = "SELECT DISTINCT contact_center, tenant, day FROM recording"
          + " UNION SELECT contact_center, tenant, day FROM stored_day";
      try (PreparedStatement select = connection.prepareStatement(sql);
          ResultSet rows = select.executeQuery()) {
        Set<StoredDay> days = new HashSet<>();
        while (rows.next()) {
          days.add(day(rows));
        }
        return days;
      }
    });
  }

  @Override
  public Set<RecordingId> ids(StoredDay day) throws IOException {
    return read(connection -> {
      try (PreparedStatement select = prepare(
              connection, new QuerySql("SELECT id FROM recording" + OF_DAY, parameters(day)));
          ResultSet rows = select.executeQuery()) {
        Set<RecordingId> ids = new HashSet<>();
        while (rows.next()) {
          ids.add(new RecordingId(rows.getString(1)));
        }
        return ids;
      }
    });
  }

  @Override
  public Map<StoredDay, String> marks() throws IOException {
    return read(connection -> {
      try (PreparedStatement select = connection.prepareStatement(
              "SELECT contact_center, tenant, day, mark FROM stored_day");
          ResultSet rows = select.executeQuery()) {
        Map<StoredDay, String> marks = new HashMap<>();
        while (rows.next()) {
          marks.put(day(rows), rows.getString("mark"));
        }
        return marks;
      }
    });
  }

  @Override
  public void reconcile(
      StoredDay day,
      List<CatalogEntry> found,
      Collection<RecordingId> missing,
      String mark,
      Presence presence)
      throws IOException {
    write(connection -> {
      for (RecordingId id : missing) {
        RecordingPlace known = select(connection, id);
        if (known != null && known.storedDay().equals(day) && !presence.isStored(day.place(id))) {
          delete(connection, id);
        }
      }
      for (CatalogEntry entry : found) {
        RecordingPlace known = select(connection, entry.place().id());
        boolean elsewhere = known != null
            && !known.equals(entry.place())
            && presence.isStored(known); // a copy does not take over the id
        if (!elsewhere && presence.isStored(entry.place())) {
          delete(connection, entry.place().id());
          put(connection, entry);
        }
      }
      update(connection, "DELETE FROM stored_day" + OF_DAY, parameters(day));
      if (!mark.isEmpty()) {
        List<Object> values = new ArrayList<>(parameters(day));
        values.add(mark);
        update(
            connection,
            "INSERT INTO stored_day (contact_center, tenant, day, mark) VALUES (?, ?, ?, ?)",
            values);
      }
    });
  }

  @Override
  public void close() {
    pool.close();
  }

  private static @Nullable RecordingPlace select(Connection connection, RecordingId id)
      throws SQLException {
    QuerySql sql = new QuerySql(
        "SELECT contact_center, tenant, day FROM recording WHERE id = ?", List.of(id.value()));
    try (PreparedStatement select = prepare(connection, sql);
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? day(rows).place(id) : null;
    }
  }

  private static void put(Connection connection, CatalogEntry entry) throws SQLException {
    RecordingPlace place = entry.place();
    Recording recording = entry.recording();
    update(
        connection,
        "INSERT INTO recording (id, kind, contact_center, tenant, day, caller, dialed, start_ms, metadata)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        List.of(
            place.id().value(),
            recording.kind().name().toLowerCase(Locale.ROOT),
            place.tenant().contactCenterId(),
            place.tenant().name(),
            place.day().toString(),
            IndexedText.of(NumberPattern.compared(recording.callerNumber())),
            IndexedText.of(NumberPattern.compared(recording.dialedNumber())),
            entry.startMillis(),
            recording.toCompactJson()));
    for (MediaFile file : recording.mediaFiles()) {
      update(
          connection,
          "INSERT INTO media_file (recording_id, media_id, call_uuid, agent_id) VALUES (?, ?, ?, ?)",
          List.of(
              place.id().value(),
              file.mediaId().value(),
              IndexedText.of(file.callUuid()),
              IndexedText.of(file.agentId())));
    }
  }

  private static void delete(Connection connection, RecordingId id) throws SQLException {
    update(connection, "DELETE FROM recording WHERE id = ?", List.of(id.value()));
  }

  private static void update(Connection connection, String sql, List<Object> parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, new QuerySql(sql, parameters))) {
      statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection connection, QuerySql sql)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql.text());
    for (int i = 0; i < sql.parameters().size(); i++) {
      statement.setObject(i + 1, sql.parameters().get(i));
    }
    return statement;
  }

  private static CatalogEntry entry(ResultSet row) throws SQLException, IOException {
    Recording recording = Recording.parseCompact(row.getString("metadata"));
    return new CatalogEntry(day(row).place(new RecordingId(row.getString("id"))), recording);
  }

  private static StoredDay day(ResultSet row) throws SQLException {
    return new StoredDay(
        new Tenant(row.getString("contact_center"), row.getString("tenant")),
        LocalDate.parse(row.getString("day")));
  }

  private static List<Object> parameters(StoredDay day) {
    return List.of(
        day.tenant().contactCenterId(), day.tenant().name(), day.day().toString());
  }

  @FunctionalInterface
  private interface Reading<T extends @Nullable Object> {
    T from(Connection connection) throws SQLException, IOException;
  }

  /** Part of a transaction. */
  @FunctionalInterface
  interface Writing {
    void to(Connection connection) throws SQLException, IOException;
  }

  private <T> T read(Reading<T> reading) throws IOException {
    try {
      return readOnce(reading);
    } catch (SQLException e) {
      if (!dialect.isConnectionLost(e)) {
        throw failed(e);
      }
      dropConnections();
    }
    try {
      return readOnce(reading);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private <T extends @Nullable Object> T readOnce(Reading<T> reading)
      throws SQLException, IOException {
    try (Connection connection = pool.getConnection()) {
      return reading.from(connection);
    }
  }

  private void write(Writing writing) throws IOException {
    transact(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute(dialect.lockWriters()); // others wait from here on
      }
      writing.to(connection);
    });
  }

  /** Alone in this process, so that writers who wait for the database's lock hold one connection and not all. */
  void transact(Writing writing) throws IOException {
    writers.lock();
    try {
      transactAlone(writing);
    } finally {
      writers.unlock();
    }
  }

  private void transactAlone(Writing writing) throws IOException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        writing.to(connection);
        steps.before(Step.COMMIT_CATALOG, place);
        connection.commit();
        done = true;
      } finally {
        if (!done) {
          rollback(connection);
        } else {
          connection.setAutoCommit(true);
        }
      }
    } catch (SQLException e) {
      if (dialect.isConnectionLost(e)) {
        dropConnections();
      }
      throw failed(e);
    }
  }

  /** What could not be rolled back was lost with its connection, which rolls back too: that failure is the news. */
  private void rollback(Connection connection) throws SQLException {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      if (!dialect.isConnectionLost(e) && !connection.isClosed()) {
        throw e;
      }
    }
  }

  /** Where one connection is lost others are, and the pool asks none that it lent within the last half second. */
  private void dropConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  private IOException failed(SQLException cause) {
    if (cause instanceof SQLTransientConnectionException || dialect.isConnectionLost(cause)) {
      Throwable reason = cause.getCause() == null ? cause : cause.getCause();
      return new IOException(
          "catalog: " + name + " cannot be reached: " + reason.getMessage()
              + " (it is tried again with the next request)",
          cause);
    }
    return new IOException("catalog: " + name + ": " + dialect.reason(cause), cause);
  }
}
