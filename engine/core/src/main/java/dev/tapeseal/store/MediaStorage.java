package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where recordings lie: media, their companions and {@code recording.json}, under the archive layout. Safe for any
 * thread, and for several processes that share it.
 *
 * <p>File names are a media id with a {@link MediaSuffix}, or {@link #METADATA}.
 */
public interface MediaStorage extends Closeable {

  /** The name of a recording's metadata. */
  String METADATA = "recording.json";

  /** Begins a file; nobody sees it until it is published. */
  PendingFile create(RecordingPlace place, String name) throws IOException;

  /**
   * Opens a published file for reading, at any position.
   *
   * @throws java.nio.file.NoSuchFileException where there is none
   */
  SeekableByteChannel open(RecordingPlace place, String name) throws IOException;

  /** Whether a published file has this name. */
  boolean exists(RecordingPlace place, String name) throws IOException;

  /** Makes durable which names a recording's files have. */
  void force(RecordingPlace place) throws IOException;

  /**
   * Takes a recording out of sight, whole and durably, in one step: nobody finds it from now on; who reads it already
   * may finish.
   *
   * @return what is left to remove, which takes as long as the recording is large
   */
  Remains delete(RecordingPlace place) throws IOException;

  /** What is left of a deleted recording. */
  @FunctionalInterface
  interface Remains {
    /** Removes it. Where this fails, or is not called, the sweep after the next start does it. */
    void remove() throws IOException;
  }

  /** Where a file is stored, as the metadata's {@code mediaDescriptor} says it. */
  Map<String, String> descriptor(RecordingPlace place, String name);

  /** The days on which there are recordings, begun ones too. */
  List<StoredDay> days() throws IOException;

  /** The recordings of one day, begun ones too. */
  Set<RecordingId> recordings(StoredDay day) throws IOException;

  /**
   * A text that changes when recordings of this day are added or removed; empty where that cannot be told yet,
   * because the last change is too recent.
   */
  String mark(StoredDay day) throws IOException;

  /**
   * Removes what writers that no longer live left behind: their unpublished files, and those
   * published ones that no metadata name. Files of living writers stay, in this process and in
   * others.
   */
  void sweep(Leftovers leftovers) throws IOException;

  /** Is told of, and asked about, what a sweep finds. */
  interface Leftovers {
    /**
     * A writer left something in this recording, so a catalog may know it differently. Called
     * before anything is removed: a process that ends here finds it again.
     */
    void found(RecordingPlace place) throws IOException;

    /** Whether the recording's metadata are there and name this file, or cannot be read. */
    boolean isNamed(RecordingPlace place, String name) throws IOException;
  }
}
