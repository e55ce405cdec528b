package dev.tapeseal.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens the catalog of a store in a PostgreSQL database, in a schema that is the store's own: so stores share a
 * database, and none takes another's rows for recordings that are gone.
 *
 * <p>A connection that was lost is replaced; while the database is away a request waits up to 30 seconds for it. A
 * writer waits as long for another.
 */
final class PostgresqlDatabase {
  static final String SCHEME = "jdbc:postgresql:";
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  /** A process that stops in the middle of a change keeps the others out no longer. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private static final int MAX_CONNECTIONS = 4;
  private static final long MIGRATION_LOCK = 0x7461706573656131L; // any number that only we take
  private static final Pattern NAMED_SCHEMA = Pattern.compile("[?&]currentSchema=([^&]*)");
  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final String url;
  private final String name;
  private final String schema;
  private final String storeId;

  private PostgresqlDatabase(String url, String name, String schema, String storeId) {
    this.url = url;
    this.name = name;
    this.schema = schema;
    this.storeId = storeId;
  }

  /**
   * Opens it; schema and tables are made where they are missing.
   *
   * @param password empty where the database asks for none; JDBC keeps it as text as long as the catalog is open
   * @param storeId whose catalog it is
   * @param root of the store
   */
  static JdbcCatalog open(
      String url,
      @Nullable String user,
      char[] password,
      String storeId,
      Path root,
      DiskSteps steps)
      throws IOException {
    String name = url.replaceFirst("\\?.*", "");
    PostgresqlDatabase database =
        new PostgresqlDatabase(url, name, schema(url, name, storeId), storeId);
    HikariDataSource pool = database.pool(user, password);
    boolean open = false;
    try {
      JdbcCatalog catalog = new JdbcCatalog(pool, name, root, Dialect.POSTGRESQL, steps);
      catalog.transact(database::prepare);
      open = true;
      return catalog;
    } finally {
      if (!open) {
        pool.close();
      }
    }
  }

  private static String schema(String url, String name, String storeId) throws IOException {
    Matcher named = NAMED_SCHEMA.matcher(url);
    String schema = named.find() ? named.group(1) : "tapeseal_" + storeId;
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IOException("catalog: " + name + ": currentSchema " + Printable.of(schema)
          + " (expected: one schema, of lower-case letters, digits and '_')");
    }
    return schema;
  }

  private HikariDataSource pool(@Nullable String user, char[] password) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("catalog");
    try {
      config.setJdbcUrl(url);
    } catch (RuntimeException e) {
      throw new IOException(
          "catalog: " + name + " (expected: jdbc:postgresql://HOST:PORT/DATABASE)", e);
    }
    if (user != null) {
      config.setUsername(user);
    }
    if (password.length > 0) {
      config.setPassword(new String(password));
    }
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setValidationTimeout(Duration.ofSeconds(5).toMillis());
    config.setInitializationFailTimeout(-1); // the first use fails, and we say why
    config.setConnectionInitSql("SET search_path TO \"" + schema + "\"; SET lock_timeout = "
        + LOCK_TIMEOUT.toMillis() + "; SET idle_in_transaction_session_timeout = "
        + IDLE_TIMEOUT.toMillis());
    config.addDataSourceProperty("ApplicationName", "tapeseal");
    config.addDataSourceProperty("connectTimeout", "10"); // seconds
    config.addDataSourceProperty("socketTimeout", "120");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    try {
      requireReachable(config);
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new IOException("catalog: " + name + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /** At the start nobody waits: a wrong password or address does not get better. */
  private void requireReachable(HikariConfig config) throws IOException {
    Properties properties = new Properties();
    properties.putAll(config.getDataSourceProperties());
    if (config.getUsername() != null) {
      properties.setProperty("user", config.getUsername());
    }
    if (config.getPassword() != null) {
      properties.setProperty("password", config.getPassword());
    }
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement();
        ResultSet encoding = statement.executeQuery("SHOW server_encoding")) {
      encoding.next();
      if (!encoding.getString(1).equals("UTF8")) {
        throw new IOException(
            "catalog: " + name + ": a database in " + encoding.getString(1) + " (expected: UTF8)");
      }
    } catch (SQLException e) {
      throw new IOException("catalog: " + name + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private void prepare(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      // until the commit: two who make a schema at once would be in each other's way
      statement.execute("SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
      if (!schemaExists(connection)) {
        statement.execute("CREATE SCHEMA \"" + schema + "\"");
      }
    }
    Schema.migrate(connection, Dialect.POSTGRESQL);
    CatalogOwner.require(connection, storeId, name);
  }

  private boolean schemaExists(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
      select.setString(1, schema);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }
}
