package dev.tapeseal.store;

import java.sql.SQLException;

/** What databases do not have in common. */
enum Dialect {
  SQLITE("UPDATE schema_version SET version = version") {
    @Override
    String definition(String sql) {
      return sql;
    }

    @Override
    boolean isConnectionLost(SQLException failure) {
      return false; // a file
    }
  },

  /** Text is ordered by its characters' numbers as in SQLite, so that one range finds what begins alike. */
  POSTGRESQL("LOCK TABLE schema_version IN SHARE ROW EXCLUSIVE MODE") {
    @Override
    String definition(String sql) {
      return sql.replaceAll("(VARCHAR\\([0-9]+\\)|\\bTEXT\\b)", "$1 COLLATE \"C\"");
    }

    @Override
    boolean isConnectionLost(SQLException failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        String state = cause instanceof SQLException e ? e.getSQLState() : null;
        // class 08: connection exception; 57P01 to 57P03: the server is shut down, crashed or
        // starts
        if (state != null && (state.startsWith("08") || state.startsWith("57P0"))) {
          return true;
        }
      }
      return false;
    }
  };

  private final String lockWriters;

  Dialect(String lockWriters) {
    this.lockWriters = lockWriters;
  }

  /** Keeps other writers out until the transaction ends; readers go on. */
  String lockWriters() {
    return lockWriters;
  }

  /** A definition as this database wants it. */
  abstract String definition(String sql);

  /** Whether it is the connection that failed, so that another may do. */
  abstract boolean isConnectionLost(SQLException failure);
}
