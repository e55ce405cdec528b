/**
 * What an administrator provisions for recording: IVR profiles and their certificates, the screen
 * recording certificates, group settings by location, and file name templates; all as files that
 * several processes may change.
 *
 * <pre>{@code
 * Profiles profiles = Profiles.open(dataFolder);
 * profiles.deploy(new ProfileName("recording"), certificate);
 * IvrProfile profile = profiles.select(Optional.of("US"));
 * profile.deployed().select(CertificatePolicy.forRecording(), clock.instant()).certificates();
 * }</pre>
 */
@NullMarked
package dev.tapeseal.profile;

import org.jspecify.annotations.NullMarked;
