/**
 * Makes what recordings are encrypted under: RSA key pairs, requests, certificate authorities, and the certificates that
 * they sign.
 *
 * <pre>{@code
 * CertificateAuthority authority = CertificateAuthority.selfSigned(
 *     "Recording CA", RsaKeyPair.generate(3072, random), 3650, clock, random);
 * RsaKeyPair keyPair = RsaKeyPair.generate(2048, random);
 * CertificateRequest request = CertificateRequest.of(subject, keyPair, SignatureAlgorithm.SHA256_RSA);
 * RecordingCertificate certificate = authority.sign(request, 365);
 * CertificateFiles.write(folder.resolve("cert.pem"), List.of(certificate));
 * keyPair.write(folder.resolve("private_key.pem"));
 * }</pre>
 */
@NullMarked
package dev.tapeseal.authority;

import org.jspecify.annotations.NullMarked;
