package dev.tapeseal.store;

import java.time.LocalDate;

/** One tenant's recordings of one day in UTC. */
public record StoredDay(Tenant tenant, LocalDate day) {

  RecordingPlace place(RecordingId id) {
    return new RecordingPlace(tenant, day, id);
  }
}
