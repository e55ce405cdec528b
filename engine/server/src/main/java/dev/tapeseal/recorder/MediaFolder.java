package dev.tapeseal.recorder;

import dev.tapeseal.http.HttpException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files that may be played once more: those that lie in one folder, by their names, and no others. */
record MediaFolder(Optional<Path> folder) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  Path file(String name) throws IOException {
    if (folder.isPresent() && NAME.matcher(name).matches()) {
      Path file = folder.get().resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return file;
      }
    }
    throw new HttpException(
        404,
        "no-such-file",
        "The recorder has no media file of this name.",
        "Put it into the recorder's media folder: a regular file, of letters, digits, '_', '.' and '-'.");
  }
}
