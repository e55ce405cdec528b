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

    @Override
    String reason(SQLException failure) {
      return switch (failure.getErrorCode() & PRIMARY_CODE) {
        case SQLITE_FULL -> "its disk is full (expected: room for it; free some and try again)";
        case SQLITE_READONLY, SQLITE_CANTOPEN ->
          "cannot be written (expected: a store that this user may write to)";
        default -> String.valueOf(failure.getMessage());
      };
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

  private static final int PRIMARY_CODE = 0xff; // SQLite's extended codes begin above it
  private static final int SQLITE_READONLY = 8;
  private static final int SQLITE_FULL = 13;
  private static final int SQLITE_CANTOPEN = 14;

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

  /** What to say of a failure: what is wrong and what to do, where that is known; else the database's words. */
  String reason(SQLException failure) {
    return String.valueOf(failure.getMessage());
  }
}
