package dev.tapeseal.profile;

/**
 * What a call is recorded under.
 *
 * @param profile the IVR profile that was picked
 * @param certificates its certificates, those that may be used
 */
public record CallProvision(IvrProfile profile, CertificateSelection certificates) {}
