package dev.tapeseal.capture;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.WrappedSessionKey;
import java.security.SecureRandom;
import java.util.List;

/** Where recordings that begin get their session keys. Safe for any thread. */
@FunctionalInterface
public interface SessionKeySource {

  /**
   * A fresh session key for one recording, wrapped for its certificates; the caller's to use or to close.
   *
   * @param format the recording's
   * @param certificates 1 to {@link WrappedSessionKey#MAX_RECIPIENTS}, each once
   */
  WrappedSessionKey take(RecordingFormat format, List<RecordingCertificate> certificates);

  /** Makes each when it is asked for, which costs one RSA encryption a certificate. */
  static SessionKeySource generating(SecureRandom random) {
    return (format, certificates) -> WrappedSessionKey.generate(format, certificates, random);
  }
}
