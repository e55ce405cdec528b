package dev.tapeseal.cli;

import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.platform.UnsafeSettingsException;
import dev.tapeseal.profile.ProfileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Turns whatever a command threw into its exit code and the one sentence that its user reads. */
final class Failures {

  private Failures() {}

  /** Explains a failure that names what it is about. */
  static CommandException explain(Throwable failure) {
    if (failure instanceof CommandException explained) {
      return explained;
    }
    if (failure instanceof UncheckedIOException && failure.getCause() != null) {
      return explain(failure.getCause());
    }
    return new CommandException(exitCode(failure), sentence(failure), failure);
  }

  /** Explains a failure over one input, whose name is put in front where the message lacks it. */
  static CommandException explain(Object input, Throwable failure) {
    CommandException explained = explain(failure);
    String message = String.valueOf(explained.getMessage());
    if (failure instanceof CommandException || message.startsWith(input.toString())) {
      return explained;
    }
    return new CommandException(explained.exitCode(), input + ": " + message, failure);
  }

  private static ExitCode exitCode(Throwable failure) {
    if (failure instanceof RecordingCertificateException
        || failure instanceof PrivateKeyException
        || failure instanceof IssuanceException
        || isRefusalOfKeyStore(failure)
        || failure instanceof UnsafeSettingsException
        || failure instanceof EnvelopeException.NoMatchingKey
        || failure instanceof EnvelopeException.KeyNotUnwrapped
        || failure instanceof ProfileException.CertificatesRefused
        || failure instanceof ProfileException.CorruptCertificate
        || failure instanceof ProfileException.CaFileUnusable) {
      return ExitCode.REFUSED;
    }
    if (failure instanceof ProfileException.NotFound) {
      return ExitCode.NOT_FOUND;
    }
    if (failure instanceof NoSuchFileException
        || failure instanceof NotDirectoryException
        || failure instanceof RecordingKeyStoreException.AliasUnknown) {
      return ExitCode.NOT_FOUND;
    }
    return ExitCode.FAILED;
  }

  private static boolean isRefusalOfKeyStore(Throwable failure) {
    return failure instanceof RecordingKeyStoreException
        && !(failure instanceof RecordingKeyStoreException.Unreadable)
        && !(failure instanceof RecordingKeyStoreException.AliasUnknown);
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof NoSuchFileException missing) {
      return named(missing, "does not exist");
    }
    if (failure instanceof NotDirectoryException file) {
      return named(file, "is not a directory");
    }
    if (failure instanceof FileAlreadyExistsException existing) {
      return named(existing, "exists already");
    }
    if (failure instanceof AccessDeniedException denied) {
      return named(denied, "permission denied");
    }
    String message = failure.getMessage();
    if (failure instanceof IOException
        || failure instanceof RecordingCertificateException
        || failure instanceof PrivateKeyException
        || failure instanceof IssuanceException
        || failure instanceof RecordingKeyStoreException) {
      return message == null ? failure.getClass().getSimpleName() : message;
    }
    return "unexpected failure: " + failure
        + " (this is a defect of tapeseal; TAPESEAL_DEBUG=1 shows where)";
  }

  private static String named(FileSystemException failure, String otherwise) {
    @Nullable String reason = failure.getReason();
    return failure.getFile() + ": " + (reason == null ? otherwise : reason);
  }
}
