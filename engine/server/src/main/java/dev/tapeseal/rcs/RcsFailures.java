package dev.tapeseal.rcs;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.profile.ProfileException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** What clients are told of failures: never why a recording could not be opened, and no path of this machine. */
final class RcsFailures {
  private RcsFailures() {}

  static Optional<HttpException> answer(Throwable failure) {
    if (failure instanceof EnvelopeException) {
      return error(
          422,
          "not-decryptable",
          "It cannot be decrypted.",
          "The audit log of the crypto server says why.");
    }
    if (failure instanceof NoSuchFileException) {
      return error(
          404, "not-stored", "The media are not in the storage.", "Restore them from a backup.");
    }
    if (failure instanceof RecordingKeyStoreException.Conflict) {
      return error(
          409,
          "conflict",
          String.valueOf(failure.getMessage()),
          "Log in again to see what other sessions have uploaded.");
    }
    if (failure instanceof RecordingKeyStoreException.AliasUnknown) {
      return Optional.of(CertificateResources.changedMeanwhile());
    }
    if (failure instanceof ProfileException.NotFound) {
      return error(
          404,
          "not-found",
          "There is no such IVR profile, or the certificate is not deployed there.",
          "List the profiles and their certificates.");
    }
    if (failure instanceof ProfileException.Conflict) {
      return error(
          409,
          "conflict",
          "The certificate is there already, or there are as many as there may be.",
          "List those there are.");
    }
    if (failure instanceof ProfileException.CaFileUnusable) {
      return error(
          409,
          "ca-file-unusable",
          "The CA file that the chain is to be checked against cannot be read.",
          "Have the operator mend it; the option mediamgr.CA_file names it.");
    }
    return Optional.empty();
  }

  private static Optional<HttpException> error(
      int status, String code, String message, String hint) {
    return Optional.of(new HttpException(status, code, message, hint));
  }
}
