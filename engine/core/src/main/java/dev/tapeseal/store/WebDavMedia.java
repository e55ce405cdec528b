package dev.tapeseal.store;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Metadata in a folder, media and their companions in a WebDAV collection, under the same layout.
 *
 * <p>What is being written lies in the folder, unseen, and is put when it is published: a storage that is slow, or down
 * for a moment, holds up no call. What is in the folder from before, media too, is read from there. A process that is
 * killed leaves no metadata of what it did not finish, and the next sweep removes what it put of that; only of media
 * that were to join a recording there is, or of one that was being deleted, files may stay in the collection that
 * nothing names.
 */
final class WebDavMedia implements MediaStorage {
  private final FolderStorage folder;
  private final WebDavFolder collection;

  /** Takes over the folder. */
  WebDavMedia(FolderStorage folder, WebDavFolder collection) {
    this.folder = folder;
    this.collection = collection;
  }

  @Override
  public PendingFile create(RecordingPlace place, String name) throws IOException {
    PartFile part = folder.createPart(place, name);
    return name.equals(METADATA) ? part : new Put(place, name, part);
  }

  @Override
  public SeekableByteChannel open(RecordingPlace place, String name) throws IOException {
    return folder.exists(place, name) ? folder.open(place, name) : collection.open(place, name);
  }

  @Override
  public boolean exists(RecordingPlace place, String name) throws IOException {
    return folder.exists(place, name) || (!name.equals(METADATA) && collection.exists(place, name));
  }

  @Override
  public void force(RecordingPlace place) throws IOException {
    folder.force(place);
  }

  @Override
  public Remains delete(RecordingPlace place) throws IOException {
    Remains here = folder.delete(place);
    return () -> {
      collection.delete(place);
      here.remove();
    };
  }

  @Override
  public Map<String, String> descriptor(RecordingPlace place, String name) {
    return collection.descriptor(place, name);
  }

  @Override
  public List<StoredDay> days() throws IOException {
    return folder.days();
  }

  @Override
  public Set<RecordingId> recordings(StoredDay day) throws IOException {
    return folder.recordings(day);
  }

  @Override
  public String mark(StoredDay day) throws IOException {
    return folder.mark(day);
  }

  @Override
  public void sweep(Leftovers leftovers) throws IOException {
    folder.sweep(new Leftovers() {
      @Override
      public void found(RecordingPlace place) throws IOException {
        leftovers.found(place);
        if (!folder.exists(place, METADATA)) {
          collection.delete(place);
        }
      }

      @Override
      public boolean isNamed(RecordingPlace place, String name) throws IOException {
        return leftovers.isNamed(place, name);
      }
    });
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }

  /** A file that is put once it is whole; until it is settled its part stays, as the mark of who wrote it. */
  private final class Put implements PendingFile {
    private final RecordingPlace place;
    private final String name;
    private final PartFile part;
    private boolean published;

    Put(RecordingPlace place, String name, PartFile part) {
      this.place = place;
      this.name = name;
      this.part = part;
    }

    @Override
    public WritableByteChannel channel() {
      return part.channel();
    }

    @Override
    public void force() throws IOException {
      part.force();
    }

    @Override
    public long sizeBytes() {
      return part.sizeBytes();
    }

    @Override
    public void publish() throws IOException {
      if (collection.exists(place, name)) {
        throw new FileAlreadyExistsException(name, null, "the storage has this file already");
      }
      put();
      published = true;
    }

    @Override
    public void publishReplacing() throws IOException {
      put();
    }

    private void put() throws IOException {
      try (SeekableByteChannel content = part.openStored()) {
        collection.put(place, name, content);
      }
    }

    @Override
    public void settle() throws IOException {
      part.settle();
    }

    @Override
    public void discard() throws IOException {
      try {
        if (published) {
          published = false;
          collection.delete(place, name);
        }
      } finally {
        part.discard();
      }
    }
  }
}
