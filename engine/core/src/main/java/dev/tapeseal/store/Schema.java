package dev.tapeseal.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Brings a catalog to the schema that this version knows: scripts {@code catalog-1.sql}, {@code catalog-2.sql} and
 * so on, each applied once, in one transaction with the note that it was.
 */
final class Schema {
  static final int VERSION = 1;

  private Schema() {}

  /**
   * Applies what is missing.
   *
   * @param connection in a transaction that excludes other writers; the caller commits
   * @throws IOException where the catalog is of a newer version
   */
  static void migrate(Connection connection, Dialect dialect) throws SQLException, IOException {
    int version = version(connection);
    if (version > VERSION) {
      throw new IOException("catalog: schema version " + version + " (expected: at most " + VERSION
          + "; use the newer version of Tapeseal that wrote it)");
    }
    try (Statement statement = connection.createStatement()) {
      if (version == 0) {
        statement.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)");
        statement.execute("INSERT INTO schema_version VALUES (0)");
      }
      for (int next = version + 1; next <= VERSION; next++) {
        for (String sql : script(next)) {
          statement.execute(dialect.definition(sql));
        }
      }
    }
    try (PreparedStatement note =
        connection.prepareStatement("UPDATE schema_version SET version = ?")) {
      note.setInt(1, VERSION);
      note.executeUpdate();
    }
  }

  /** The version of the catalog; 0 where it is new. */
  static int version(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, connection.getSchema(), "schema_version", null)) {
      if (!tables.next()) {
        return 0;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("SELECT version FROM schema_version")) {
      return version.next() ? version.getInt(1) : 0;
    }
  }

  private static String[] script(int version) throws IOException {
    String name = "catalog-" + version + ".sql";
    try (InputStream resource = Schema.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("resource " + name + " is not where it was built");
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return text.replaceAll("(?m)^--.*$", "").strip().split(";\\s*\\R|;$");
    }
  }
}
