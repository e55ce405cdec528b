package dev.tapeseal.profile;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What recorders are provisioned with: MCP's options, the IVR profiles and the screen recording certificates of a data
 * folder.
 *
 * <p>MCP's options are read once, since a change of them takes effect at its restart, as documented; profiles, screen
 * certificates and CA files count as they are when a recording starts. Certificates are judged then, too: what was
 * deployed last year may have expired. Safe for any thread.
 *
 * <pre>{@code
 * Provisioning provisioning = Provisioning.open(DataFolder.open(folder, System.getenv()));
 * CallProvision provision = provisioning.forCall(Optional.of("US"), clock.instant());
 * recorder.startCall(interaction, provision, audio);
 * }</pre>
 */
public final class Provisioning {
  private static final String PLATFORM = "MCP's option [mpc] mediamgr.CA_file";

  private final Profiles profiles;
  private final ScreenCertificates screenCertificates;
  private final Optional<Path> platformCaFile;
  private final Location nodePath;
  private final CertificatePolicy rules;
  private final Optional<CertificatePolicy> trusting;
  private final CaFiles caFiles;
  private final PoliciesTogether together = new PoliciesTogether();

  private Provisioning(
      Profiles profiles,
      ScreenCertificates screenCertificates,
      Optional<Path> platformCaFile,
      Location nodePath,
      CertificatePolicy rules,
      Optional<CaBundle> trusted) {
    this.nodePath = nodePath;
    this.profiles = profiles;
    this.screenCertificates = screenCertificates;
    this.platformCaFile = platformCaFile;
    this.rules = rules;
    this.trusting = trusted.map(rules::withCa);
    this.caFiles = new CaFiles(rules);
  }

  /** That of a data folder whose {@code rcs.properties} name no authorities, or whose certificates are only listed. */
  public static Provisioning open(DataFolder data) throws IOException {
    return open(data, Optional.empty());
  }

  /**
   * That of a data folder, as MCP reads it at its start.
   *
   * @param trusted the authorities that RCS trusts, those of {@code cacertstorepath}: what is uploaded, deployed or
   *     assigned must come from them, and what screens are recorded under
   * @throws dev.tapeseal.settings.SettingsException where MCP's options or a setting cannot be used
   */
  public static Provisioning open(DataFolder data, Optional<CaBundle> trusted) throws IOException {
    return new Provisioning(
        Profiles.open(data.path(), data.settings().value(SettingKeys.DEFAULT_PROFILE)),
        ScreenCertificates.open(data.path()),
        data.mcpOptions().caFile(),
        new Location(data.settings().value(SettingKeys.NODE_PATH)),
        CertificatePolicy.forRecording()
            .withWarnBefore(data.settings().value(SettingKeys.EXPIRY_WARNING)),
        trusted);
  }

  /** The IVR profiles. */
  public Profiles profiles() {
    return profiles;
  }

  /** The screen recording certificates: those that serve every location, and by way of them the others. */
  public ScreenCertificates screenCertificates() {
    return screenCertificates;
  }

  /**
   * What MCP records a call under: the profile that {@link Profiles#select} picks.
   *
   * @param geoLocation the call's, where it has one
   * @param at when it starts, usually now
   * @throws ProfileException.NotFound where there is no profile to record under
   * @throws ProfileException.CertificatesRefused where nothing may be recorded, with the reasons
   * @throws ProfileException.CaFileUnusable where the CA file to check against cannot be read
   */
  public CallProvision forCall(Optional<String> geoLocation, Instant at) throws IOException {
    return forCall(profiles.select(geoLocation), at);
  }

  /**
   * The same under a profile that was named.
   *
   * @throws IOException as {@link #forCall(Optional, Instant)} does
   */
  public CallProvision forCall(ProfileName name, Instant at) throws IOException {
    return forCall(profiles.load(name), at);
  }

  private CallProvision forCall(IvrProfile profile, Instant at) throws ProfileException {
    return new CallProvision(profile, profile.deployed().select(policy(profile), at));
  }

  /**
   * What screens are recorded under at this node's location, setting {@code node.path}. Their chains are checked against
   * the authorities that RCS trusts; where it names none they are not, which is a warning.
   *
   * @throws ProfileException.CertificatesRefused as for calls
   */
  public CertificateSelection forScreen(Instant at) throws IOException {
    DeployedCertificates assigned = screenCertificatesOfNode();
    return assigned.select(screenPolicy(assigned), at);
  }

  /**
   * The screen recording certificates that serve this node.
   *
   * @throws ProfileException.Invalid where their file cannot be understood
   */
  public DeployedCertificates screenCertificatesOfNode() throws IOException {
    return screenCertificates.forNode(nodePath).read();
  }

  /**
   * The rules for a profile's certificates, each beside the others: the chain is checked against the profile's CA file,
   * else against the platform's; where neither is named it is not checked, which is a warning.
   *
   * @throws ProfileException.CaFileUnusable where a CA file is named and cannot be read
   */
  public CertificatePolicy policy(IvrProfile profile) throws ProfileException.CaFileUnusable {
    return together.policy("profile " + profile.name(), chainRules(profile), profile.deployed());
  }

  private CertificatePolicy chainRules(IvrProfile profile) throws ProfileException.CaFileUnusable {
    Optional<Path> file = profile.caFile().or(() -> platformCaFile);
    if (file.isEmpty()) {
      return rules;
    }
    String whose = profile.caFile().isPresent()
        ? "IVR profile " + profile.name() + ", option " + RecordingOptions.CA_FILE
        : PLATFORM;
    return caFiles.policy(file.get(), whose);
  }

  /** Whether a CA file is named for a profile, by itself or by the platform. */
  public boolean namesCaFile(IvrProfile profile) {
    return profile.caFile().isPresent() || platformCaFile.isPresent();
  }

  /** The rules for screen recording certificates, each beside the others. */
  public CertificatePolicy screenPolicy(DeployedCertificates assigned) {
    return together.policy("screens", trusting.orElse(rules), assigned);
  }

  /** The rules for a profile's certificates but for that of the chain, for where its CA file cannot be read. */
  public CertificatePolicy policyWithoutChain(IvrProfile profile) {
    return together.policy("chainless profile " + profile.name(), rules, profile.deployed());
  }

  /**
   * What all rules say of a certificate that is to be uploaded, deployed or assigned: those of the profile or of screen
   * recording, and of its chain by the authorities that RCS trusts, where there are any.
   *
   * @param profile empty where it is not for a profile
   * @param known other certificates in use beside those that are deployed, for example all of a key store
   * @throws ProfileException.CaFileUnusable where a CA file is named and cannot be read
   */
  public List<Verdict> judge(
      RecordingCertificate certificate,
      Optional<IvrProfile> profile,
      Collection<RecordingCertificate> known,
      Instant at)
      throws IOException {
    Set<RecordingCertificate> all = new LinkedHashSet<>(known());
    all.addAll(known);
    Set<Verdict> verdicts = new LinkedHashSet<>(); // most are the same by either policy
    boolean hasCaFile = profile.isPresent() && namesCaFile(profile.get());
    if (trusting.isEmpty() || hasCaFile) {
      CertificatePolicy own = profile.isPresent() ? chainRules(profile.get()) : rules;
      verdicts.addAll(own.withKnown(all).check(certificate, at));
    }
    if (trusting.isPresent()) {
      verdicts.addAll(trusting.get().withKnown(all).check(certificate, at));
    }
    return List.copyOf(verdicts);
  }

  /** Every certificate that is deployed or assigned anywhere and can be read. */
  public Set<RecordingCertificate> known() throws IOException {
    Set<RecordingCertificate> known = new LinkedHashSet<>();
    for (IvrProfile profile : profiles.all()) {
      known.addAll(profile.deployed().readable());
    }
    for (Location location : screenCertificates.locations()) {
      known.addAll(screenCertificates.at(location).read().readable());
    }
    return known;
  }

  @Override
  public String toString() {
    return "provisioning of " + profiles;
  }
}
