package dev.tapeseal.store;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a store whose disk asks a test before every change: what the test throws is the disk's failure. */
public final class WatchedDisk {

  /** Is asked before a change is made. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * Lets the change happen, or fails it.
     *
     * @param change the name of what is about to be done, for example {@code WRITE} or {@code LINK}
     * @param path what it is done to
     */
    void before(String change, Path path) throws IOException;
  }

  private WatchedDisk() {}

  /** Opens the store in a folder. */
  public static RecordingStore openStore(Path folder, Watcher watcher) throws IOException {
    return RecordingStore.open(folder, (step, path) -> watcher.before(step.name(), path));
  }
}
