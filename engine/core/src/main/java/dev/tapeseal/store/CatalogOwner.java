package dev.tapeseal.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Whose catalog it is, where that lies elsewhere than in the store's folder. Opening a store drops the rows of
 * recordings that its folder lacks: under another store's folder those would be all.
 */
final class CatalogOwner {
  private static final String FILE = ".store-id";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private CatalogOwner() {}

  /** The id of the store in a folder, which is made where it has none. */
  static String storeId(Path root) throws IOException {
    Path file = root.resolve(FILE);
    try {
      return read(file);
    } catch (NoSuchFileException absent) {
      String id = UUID.randomUUID().toString().replace("-", "");
      Path part = root.resolve(FILE + "." + id + ".part");
      try {
        Files.createFile(part, Ownership.file(part));
        Files.writeString(part, id + "\n", StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        Files.createLink(file, part); // refuses where another process was faster
      } catch (FileAlreadyExistsException e) {
        return read(file);
      } finally {
        Files.deleteIfExists(part);
      }
      Ownership.forceFolder(root);
      return id;
    }
  }

  private static String read(Path file) throws IOException {
    String id = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!ID.matcher(id).matches()) {
      throw new IOException(
          file + ": " + Printable.of(id) + " (expected: the store's id, 32 hexadecimal digits)");
    }
    return id;
  }

  /**
   * Refuses a catalog of another store, and takes over one that is nobody's.
   *
   * @param connection in a transaction that excludes others
   */
  static void require(Connection connection, String storeId, String catalog)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS store (id VARCHAR(32) NOT NULL)");
      try (ResultSet owner = statement.executeQuery("SELECT id FROM store")) {
        if (owner.next()) {
          if (!owner.getString(1).equals(storeId)) {
            throw new IOException("catalog: " + catalog + ": another store's"
                + " (expected: a schema or file of its own for each store)");
          }
          return;
        }
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO store (id) VALUES (?)")) {
      insert.setString(1, storeId);
      insert.executeUpdate();
    }
  }
}
