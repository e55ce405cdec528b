package dev.tapeseal.cli;

import static dev.tapeseal.envelope.RecordingPart.KEY_ENVELOPE;
import static dev.tapeseal.envelope.RecordingPart.MAC;
import static dev.tapeseal.envelope.RecordingPart.MEDIA;

import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingSource;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that reads a recording: where what stands beside it lies, if not beside it. */
final class CompanionOptions {
  @Option(
      names = "--mac-file",
      paramLabel = "FILE",
      description = "The recording's .mac; without it that beside it where it is there.")
  private @Nullable Path macFile;

  @Option(
      names = "--envelope",
      paramLabel = "FILE",
      description = "The recording's .p7 or .p7k; without it that beside it where it is there.")
  private @Nullable Path envelopeFile;

  CompanionOptions() {}

  /** Refuses what is named and not there. */
  void requireFiles() throws IOException {
    Inputs.requireFiles(Arrays.asList(macFile, envelopeFile));
  }

  /** What is named, and what would be read beside the media. */
  List<Path> files(Path media) {
    List<Path> files = new ArrayList<>();
    for (RecordingPart part : RecordingPart.values()) {
      files.add(part.beside(media));
    }
    Stream.of(macFile, envelopeFile).filter(Objects::nonNull).forEach(files::add);
    return files;
  }

  /** Whether something is named to verify by, or may be. */
  boolean isNamed() {
    return macFile != null || envelopeFile != null;
  }

  /** Whether something to verify by lies beside the media. */
  boolean areBeside(Path media) {
    return Files.exists(MAC.beside(media)) || Files.exists(KEY_ENVELOPE.beside(media));
  }

  /** A file, and what stands beside it or is named. */
  RecordingSource sourceOf(Path media) {
    RecordingSource beside = RecordingSource.ofFile(media);
    return part -> {
      SeekableByteChannel named = openNamed(part);
      return named == null ? beside.open(part) : named;
    };
  }

  /** What is named; null where nothing is. An envelope is named without saying which of the two it is. */
  @Nullable
  SeekableByteChannel openNamed(RecordingPart part) throws IOException {
    Path named = part == MEDIA ? null : part == MAC ? macFile : envelopeFile;
    return named == null ? null : Files.newByteChannel(named);
  }
}
