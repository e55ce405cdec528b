package dev.tapeseal.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where a recording lies in the archive layout: contact center, tenant, the day in UTC on which it started, id.
 */
public record RecordingPlace(Tenant tenant, LocalDate day, RecordingId id) {

  /** Refuses years that a folder's name of the form 2015-09-10 cannot hold. */
  public RecordingPlace {
    if (day.getYear() < 0 || day.getYear() > 9999) {
      throw new IllegalArgumentException("day: " + day + " (expected: in the years 0 to 9999)");
    }
  }

  /** The place of a recording that started at this time. */
  public static RecordingPlace of(Tenant tenant, Instant started, RecordingId id) {
    return new RecordingPlace(tenant, LocalDate.ofInstant(started, ZoneOffset.UTC), id);
  }

  StoredDay storedDay() {
    return new StoredDay(tenant, day);
  }
}
