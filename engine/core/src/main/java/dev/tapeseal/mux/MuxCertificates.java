package dev.tapeseal.mux;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.store.MediaFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which recording certificates a muxed recording is encrypted under; asked when a pair is muxed, by any thread. */
@FunctionalInterface
public interface MuxCertificates {

  /**
   * Those for a call and its screen.
   *
   * @param call the call's audio
   * @return 1 to 16, each once, all of them accepted
   * @throws IOException where none may be used, with the reasons
   */
  List<RecordingCertificate> of(MediaFile call) throws IOException;

  /** The same for every pair. */
  static MuxCertificates always(List<RecordingCertificate> certificates) {
    List<RecordingCertificate> copy = List.copyOf(certificates);
    return call -> copy;
  }

  /**
   * Those that calls and screens are recorded under now: of the IVR profile that the call was recorded under, and the
   * screen recording certificates. Judged as for a recording that starts now.
   */
  static MuxCertificates provisioned(Provisioning provisioning, Clock clock) {
    return call -> {
      Instant now = clock.instant();
      CallProvision provision = call.ivrProfile().isEmpty()
          ? provisioning.forCall(Optional.empty(), now)
          : provisioning.forCall(new ProfileName(call.ivrProfile()), now);
      Set<RecordingCertificate> current =
          new LinkedHashSet<>(provision.certificates().certificates());
      current.addAll(provisioning.forScreen(now).certificates());
      return List.copyOf(current);
    };
  }
}
