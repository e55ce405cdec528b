package dev.tapeseal.recorder;

import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Recordings that wait for their delivery, in a store of their own: made there, and gone from there once their storage
 * has the media and the metadata service knows of them. Processes may share the folder, since every step of a delivery
 * may be repeated. Recording into {@link #recordings} is for any thread, delivering for one at a time.
 */
public final class Undelivered implements Closeable {
  private final RecordingStore recordings;
  private final Delivery delivery;

  private Undelivered(RecordingStore recordings, Delivery delivery) {
    this.recordings = recordings;
    this.delivery = delivery;
  }

  /**
   * Opens what waits in a folder, which is made where it is missing.
   *
   * @param profiles that say where recordings go, as they are when one is delivered
   * @throws IOException where the folder cannot be used
   */
  public static Undelivered open(
      Path folder, Profiles profiles, DeliveryAccounts accounts, Clock clock) throws IOException {
    RecordingStore recordings = RecordingStore.open(folder);
    return new Undelivered(recordings, new Delivery(recordings, profiles, accounts, clock));
  }

  /** Whether what is recorded under a profile is delivered elsewhere: its storage is an http or https address. */
  public static boolean isFor(IvrProfile profile) {
    return Destination.isNamedBy(profile);
  }

  /** Where to record what is to be delivered. Closed with this. */
  public RecordingStore recordings() {
    return recordings;
  }

  /**
   * Delivers one recording now.
   *
   * @throws java.nio.file.NoSuchFileException where it does not wait any more, which another process may have seen to
   * @throws IOException where it could not be delivered; it goes on waiting
   */
  public void deliver(RecordingId id) throws IOException {
    delivery.deliver(id);
  }

  /**
   * Tries everything whose time has come, once; what fails is logged, and waits ever longer.
   *
   * @return how many recordings were delivered
   */
  public int deliverDue() throws IOException {
    return delivery.deliverDue();
  }

  @Override
  public void close() throws IOException {
    recordings.close();
  }
}
