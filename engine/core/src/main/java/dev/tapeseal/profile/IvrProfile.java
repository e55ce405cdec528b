package dev.tapeseal.profile;

import dev.tapeseal.settings.McpOptions;
import dev.tapeseal.settings.SettingsException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An IVR profile (Voice Platform Profile): how the calls of a tenant or a location are recorded.
 *
 * <p>Every option is checked when it is loaded, apart from corrupt certificates, which {@link
 * #deployed} tells. Immutable and safe for any thread. Its text form holds no credentials.
 */
public final class IvrProfile {
  private static final String RECORD = "record";

  private final ProfileName name;
  private final String serviceType;
  private final Optional<String> geoLocation;
  private final DeployedCertificates deployed;
  private final Optional<Path> caFile;
  private final RecordingDestinations destinations;
  private final Optional<StorageMimeType> mimeType;
  private final Optional<String> alertToneSource;
  private final Optional<FileNameTemplate> fileNameTemplate;
  private final String format;

  private IvrProfile(ProfileName name, Options options, Path dataFolder) throws ProfileException {
    this.name = name;
    this.serviceType = options.find(RecordingOptions.GENERAL, "service-type").orElse(RECORD);
    this.geoLocation = options.find(RecordingOptions.GENERAL, "geo-location");
    this.deployed = DeployedCertificates.read(options);
    this.caFile = RecordingOptions.caFile(options, dataFolder);
    this.destinations = RecordingOptions.destinations(options);
    this.mimeType = RecordingOptions.mimeType(options);
    this.alertToneSource = RecordingOptions.alertToneSource(options);
    this.fileNameTemplate = RecordingOptions.fileNameTemplate(options);
    this.format = RecordingOptions.format(options);
  }

  static IvrProfile of(ProfileName name, Options options, Path dataFolder) throws ProfileException {
    return new IvrProfile(name, options, dataFolder);
  }

  /** Its name. */
  public ProfileName name() {
    return name;
  }

  /**
   * Whether it is for recording: its {@code gvp.general} option {@code service-type} is {@code
   * record}. A profile without that option counts as one too, which is ours: these files hold
   * nothing but recording profiles.
   */
  public boolean isForRecording() {
    return serviceType.equals(RECORD);
  }

  /** Option {@code service-type} of {@code gvp.general}; {@code record} where it is left out. */
  public String serviceType() {
    return serviceType;
  }

  /** Option {@code geo-location} of {@code gvp.general}: the calls that it is selected for. */
  public Optional<String> geoLocation() {
    return geoLocation;
  }

  /** Its recording certificates. */
  public DeployedCertificates deployed() {
    return deployed;
  }

  /**
   * The CA file of its own, from option {@code recordingclient.gvp.config.mpc.mediamgr.CA_file} of
   * {@code gvp.service-parameters}: {@code fixed,<path>}. That a relative path counts from the data
   * folder is ours.
   */
  public Optional<Path> caFile() {
    return caFile;
  }

  /**
   * The CA file that its certificates are checked against: its own, else the platform's.
   *
   * @throws SettingsException where the platform's cannot be a path
   */
  public Optional<Path> caFile(McpOptions platform) throws SettingsException {
    return caFile.isPresent() ? caFile : platform.caFile();
  }

  /** Where recordings and metadata go. */
  public RecordingDestinations destinations() {
    return destinations;
  }

  /** The kind of recordings to make; otherwise each is what its source is. */
  public Optional<StorageMimeType> mimeType() {
    return mimeType;
  }

  /** Where the tone comes from that tells people that they are recorded: a path or an address. */
  public Optional<String> alertToneSource() {
    return alertToneSource;
  }

  /** How media files are named; otherwise by their media ids' own pattern. */
  public Optional<FileNameTemplate> fileNameTemplate() {
    return fileNameTemplate;
  }

  /**
   * The name of the format of encrypted recordings, {@code pkcs7} by default; the recorder knows
   * which there are.
   */
  public String format() {
    return format;
  }

  @Override
  public String toString() {
    return "IVR profile " + name + " (" + deployed.options().size() + " certificates, " + format
        + ")";
  }
}
