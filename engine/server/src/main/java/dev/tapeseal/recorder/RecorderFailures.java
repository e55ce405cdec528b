package dev.tapeseal.recorder;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.profile.ProfileException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients are told of recordings that could not be made. */
final class RecorderFailures {
  private static final Logger LOG = LoggerFactory.getLogger(RecorderFailures.class);

  private RecorderFailures() {}

  static HttpException ended() {
    return new HttpException(409, "ended", "This recording has ended.", "Start another.");
  }

  static Optional<HttpException> answer(Throwable failure) {
    if (failure instanceof FileAlreadyExistsException) {
      return Optional.of(new HttpException(
          409, "exists", "There is a recording of this call.", "Choose another callUuid."));
    }
    if (failure instanceof ProfileException.NotFound) {
      return Optional.of(new HttpException(
          404, "no-such-profile", "There is no such IVR profile.", "Create it first."));
    }
    if (failure instanceof ProfileException) {
      LOG.warn("Nothing is recorded: {}", failure.getMessage());
      return Optional.of(new HttpException(
          409,
          "profile-unusable",
          "It cannot be recorded under the certificates that are provisioned; the log says why.",
          "'tapeseal check' names what is wrong, and the cure."));
    }
    if (failure instanceof MediaException || failure instanceof IllegalArgumentException) {
      return Optional.of(new HttpException(
          400,
          "invalid",
          "A value of the request cannot be used: " + failure.getMessage(),
          "Correct it and send it again."));
    }
    return Optional.empty();
  }
}
