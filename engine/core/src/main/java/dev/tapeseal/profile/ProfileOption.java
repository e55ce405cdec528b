package dev.tapeseal.profile;

import java.nio.file.Path;

/**
 * An option of an IVR profile other than a certificate. The documented ones are {@link #serviceType}, {@link
 * #geoLocation} and {@link #caFile}; the fields of the Recording tab are documented too, but not which options they
 * become, so those are ours.
 *
 * @param section for example {@code gvp.general}
 * @param name for example {@code geo-location}
 * @param value checked when it is set
 */
public record ProfileOption(String section, String name, String value) {

  /** {@code gvp.general}, {@code service-type}: {@code record} for what MCP may pick. */
  public static ProfileOption serviceType(String value) {
    return new ProfileOption(RecordingOptions.GENERAL, "service-type", value);
  }

  /** {@code gvp.general}, {@code geo-location}: the calls that it is picked for. */
  public static ProfileOption geoLocation(String value) {
    return new ProfileOption(RecordingOptions.GENERAL, "geo-location", value);
  }

  /**
   * {@code gvp.service-parameters}, {@code recordingclient.gvp.config.mpc.mediamgr.CA_file}, with the value {@code
   * fixed,<path>}.
   */
  public static ProfileOption caFile(Path path) {
    return new ProfileOption(
        RecordingOptions.SERVICE_PARAMETERS,
        RecordingOptions.CA_FILE,
        RecordingOptions.FIXED + path);
  }

  /**
   * One of ours.
   *
   * @param name {@code mime-type}, {@code file-name-template}, {@code alert-tone-source}, {@code format}, {@code
   *     when-certificates-fail}, {@code storage-destination}, {@code storage-authorization}, {@code
   *     recording-processor-uri}, {@code speechminer-destination}, {@code speechminer-interaction-receiver} or {@code
   *     speechminer-interaction-receiver-authorization}
   */
  public static ProfileOption recording(String name, String value) {
    return new ProfileOption(RecordingOptions.OURS, name, value);
  }

  /** Without the value, which may be a credential. */
  @Override
  public String toString() {
    return section + ": " + name;
  }
}
