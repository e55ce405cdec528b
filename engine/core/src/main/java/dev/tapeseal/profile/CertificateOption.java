package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;

/**
 * An option {@code certificates-1}, {@code certificates-2} and so on: a certificate, or what is
 * left of one.
 */
public sealed interface CertificateOption {

  /** The option's number, 1 or more; numbers need not follow each other. */
  int number();

  /** The option's name, for example {@code certificates-1}. */
  default String name() {
    return DeployedCertificates.OPTION_PREFIX + number();
  }

  /** An option that holds exactly one certificate. */
  record Intact(int number, RecordingCertificate certificate) implements CertificateOption {}

  /**
   * An option whose certificate was corrupted.
   *
   * @param damage what is wrong, for example {@code its line breaks are lost}
   */
  record Corrupt(int number, String damage) implements CertificateOption {}
}
