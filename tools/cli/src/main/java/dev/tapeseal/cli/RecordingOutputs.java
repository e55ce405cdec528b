package dev.tapeseal.cli;

import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import dev.tapeseal.envelope.RecordingPart;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The files of one recording that is being encrypted: the media, and what stands beside them. */
final class RecordingOutputs implements Closeable {
  private final Map<RecordingPart, OutputFile> files = new EnumMap<>(RecordingPart.class);
  private final Path media;
  private final Existing existing;

  private RecordingOutputs(Path media, Existing existing) {
    this.media = media;
    this.existing = existing;
  }

  /**
   * Begins the files.
   *
   * @param paths of the media and of every part that will be written
   * @throws CommandException where one exists and may not be replaced, or another recording's companion would pass for
   *     one of this
   */
  static RecordingOutputs create(
      Terminal terminal, Map<RecordingPart, Path> paths, Existing existing) throws IOException {
    Path media = paths.getOrDefault(RecordingPart.MEDIA, Path.of(""));
    RecordingOutputs outputs = new RecordingOutputs(media, existing);
    boolean complete = false;
    try {
      for (RecordingPart part : RecordingPart.values()) {
        Path path = paths.get(part);
        if (path != null) {
          outputs.files.put(part, OutputFile.create(terminal, path, existing, Access.SHARED));
        } else if (!Inputs.isStandard(media)) {
          OutputFile.refuseExisting(part.beside(media), existing);
        }
      }
      complete = true;
      return outputs;
    } finally {
      if (!complete) {
        outputs.close();
      }
    }
  }

  /** Where a part's bytes go. */
  WritableByteChannel channel(RecordingPart part) {
    OutputFile file = files.get(part);
    if (file == null) {
      throw new IllegalStateException(
          "every part that is written has a file, and " + part + " none");
    }
    return file.channel();
  }

  /** Puts the files in their places, the media last: without their companions they would pass for something else. */
  void publish() throws IOException {
    for (RecordingPart part : RecordingPart.values()) {
      OutputFile file = files.get(part);
      if (file != null && part != RecordingPart.MEDIA) {
        file.publish();
      } else if (file == null && existing == Existing.REPLACE && !Inputs.isStandard(media)) {
        Files.deleteIfExists(part.beside(media)); // of the recording that is replaced
      }
    }
    OutputFile mediaFile = files.get(RecordingPart.MEDIA);
    if (mediaFile != null) {
      mediaFile.publish();
    }
  }

  /** Ends the work; files that were not published are deleted. */
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
