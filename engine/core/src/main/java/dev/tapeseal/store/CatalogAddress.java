package dev.tapeseal.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a store's catalog is: in the store's folder, or in a database that is named.
 *
 * <p>A password is never part of the address, so the address may be shown. Immutable and safe for any thread; the
 * password is kept as long as the address is, since JDBC wants it again for every connection.
 */
public final class CatalogAddress {
  /** SQLite, in the file {@code catalog.db} of the store's folder: all processes are on one machine. */
  public static final CatalogAddress IN_STORE =
      new CatalogAddress("", Optional.empty(), new char[0]);

  private static final String SQLITE = "jdbc:sqlite:";
  private static final Pattern SECRET =
      Pattern.compile("(?i)[?&;][^=&]*password[^=&]*=|://[^/?]*@");

  private final String url;
  private final Optional<String> user;
  private final char[] password;

  private CatalogAddress(String url, Optional<String> user, char[] password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /**
   * A database by its JDBC URL.
   *
   * <p>{@code jdbc:postgresql://HOST:PORT/DATABASE}: the store gets a schema of its own, of which the name begins
   * with {@code tapeseal_}, so that stores may share a database; {@code ?currentSchema=NAME} names another. What is
   * missing is made, for which the user must be allowed to. {@code jdbc:sqlite:/FOLDER/FILE.db}: a file elsewhere.
   *
   * @param password empty where there is none; the caller wipes its own array
   * @throws IllegalArgumentException where the URL is of another kind, or has a password in it
   */
  public static CatalogAddress of(String jdbcUrl, Optional<String> user, char[] password) {
    if (SECRET.matcher(jdbcUrl).find()) {
      throw new IllegalArgumentException(
          "catalog URL: has user or password in it (expected: both beside it, the password in a file)");
    }
    boolean known = jdbcUrl.startsWith(PostgresqlDatabase.SCHEME)
        || (jdbcUrl.startsWith(SQLITE) && jdbcUrl.length() > SQLITE.length());
    if (!known) {
      throw new IllegalArgumentException("catalog URL: " + Printable.of(jdbcUrl)
          + " (expected: jdbc:postgresql://HOST:PORT/DATABASE, or jdbc:sqlite:FILE)");
    }
    return new CatalogAddress(jdbcUrl, user, password.clone());
  }

  Catalog open(Path root, DiskSteps steps) throws IOException {
    if (url.isEmpty()) {
      return JdbcCatalog.sqlite(root.resolve(FolderStorage.CATALOG), steps);
    }
    String storeId = CatalogOwner.storeId(root);
    if (url.startsWith(SQLITE)) {
      return JdbcCatalog.sqliteOf(storeId, Path.of(url.substring(SQLITE.length())), steps);
    }
    return PostgresqlDatabase.open(url, user.orElse(null), password, storeId, root, steps);
  }

  /** The URL without its options. */
  @Override
  public String toString() {
    return url.isEmpty() ? "in the store's folder" : url.replaceFirst("\\?.*", "");
  }
}
