package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class DialectTest {
  @ParameterizedTest
  @CsvSource({
    "SQLITE_FULL, its disk is full",
    "SQLITE_READONLY, cannot be written",
    "SQLITE_READONLY_DIRECTORY, cannot be written",
    "SQLITE_CANTOPEN, cannot be written"
  })
  void failureThatAUserCanMend_isSaidInOurWords_withTheCure(SQLiteErrorCode code, String said) {
    assertThat(Dialect.SQLITE.reason(new SQLiteException("[" + code + "] words", code)))
        .startsWith(said)
        .contains("(expected: ")
        .doesNotContain("SQLITE");
  }

  @Test
  void otherFailures_areSaidAsTheDatabaseDoes() {
    assertThat(Dialect.SQLITE.reason(new SQLException("malformed"))).isEqualTo("malformed");
    assertThat(Dialect.POSTGRESQL.reason(new SQLException("malformed"))).isEqualTo("malformed");
  }
}
