package dev.tapeseal.cli;

import static dev.tapeseal.envelope.RecordingPart.MEDIA;

import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingPart;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A recording's files in a folder: made when they are asked for, and all in their places at the end, or none of them.
 * What stands beside the media appears before them, so that they never pass for a recording without it.
 */
final class MuxOutput implements RecordingDestination, Closeable {
  private final Terminal terminal;
  private final Path media;
  private final Existing existing;
  private final Map<RecordingPart, OutputFile> files = new EnumMap<>(RecordingPart.class);

  private MuxOutput(Terminal terminal, Path media, Existing existing) {
    this.terminal = terminal;
    this.media = media;
    this.existing = existing;
  }

  /** Refuses outputs that exist and may not be replaced; nothing is made yet. */
  static MuxOutput of(Terminal terminal, Path media, Existing existing) {
    if (!Inputs.isStandard(media)) {
      for (RecordingPart part : RecordingPart.values()) {
        OutputFile.refuseExisting(part.beside(media), existing);
      }
    }
    return new MuxOutput(terminal, media, existing);
  }

  /** Where the media go; {@code -} for standard output. */
  Path media() {
    return media;
  }

  @Override
  public WritableByteChannel create(RecordingPart part) throws IOException {
    Path path = part == MEDIA ? media : part.beside(media);
    OutputFile file = OutputFile.create(terminal, path, existing, Access.SHARED);
    files.put(part, file);
    return file.channel();
  }

  /** Puts all files in their places, and removes what stood beside media that are replaced. */
  void publish() throws IOException {
    for (Map.Entry<RecordingPart, OutputFile> file : files.entrySet()) {
      if (file.getKey() != MEDIA) {
        file.getValue().publish();
      }
    }
    for (RecordingPart part : RecordingPart.values()) {
      if (!files.containsKey(part) && !Inputs.isStandard(media) && Files.isRegularFile(media)) {
        Files.deleteIfExists(part.beside(media));
      }
    }
    OutputFile whole = files.get(MEDIA);
    if (whole == null) {
      throw new IllegalStateException("a recording was written without its media");
    }
    whole.publish();
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (OutputFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
