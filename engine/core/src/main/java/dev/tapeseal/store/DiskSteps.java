package dev.tapeseal.store;

import java.io.IOException;
import java.nio.file.Path;

/** Is told of every change before it is made to the disk; a test makes the process end there, or the disk fail. */
@FunctionalInterface
interface DiskSteps {
  /** Nobody listens. */
  DiskSteps NONE = (step, path) -> {};

  /** The changes, in the order in which a recording meets them. */
  enum Step {
    MAKE_FOLDER,
    CREATE,
    WRITE,
    FORCE,
    LINK,
    REPLACE,
    FORCE_FOLDER,
    COMMIT_CATALOG,
    RENAME,
    DELETE
  }

  void before(Step step, Path path) throws IOException;
}
