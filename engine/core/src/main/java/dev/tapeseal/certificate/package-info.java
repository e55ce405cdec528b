/**
 * Recording certificates: the X.509 public keys that recordings are encrypted under, the CA bundles they come from,
 * the PEM files they come in, and the policy that accepts or refuses them.
 *
 * <pre>{@code
 * RecordingCertificate certificate = RecordingCertificate.read(Path.of("recording_cert.pem"));
 * CaBundle ca = CaBundle.read(Path.of("ca_bundle.pem"));
 * CertificatePolicy.forRecording().withCa(ca).accept(certificate, clock.instant());
 * certificate.identifier(); // CN=Recording CA #2f
 * }</pre>
 */
@NullMarked
package dev.tapeseal.certificate;

import org.jspecify.annotations.NullMarked;
