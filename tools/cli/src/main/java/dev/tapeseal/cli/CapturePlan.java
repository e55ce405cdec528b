package dev.tapeseal.cli;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.CertificateSelection;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a recording goes and what it is encrypted under: named on the command line, or provisioned. */
sealed interface CapturePlan {
  /** The store. */
  Path store();

  /** Its catalog. */
  CatalogAddress catalog();

  /** Whose interaction it is. */
  Tenant tenant();

  /** Whether there are certificates for the call. */
  boolean encryptsCall();

  /** Whether there are certificates for the screen. */
  boolean encryptsScreen();

  CallSession startCall(Recorder recorder, Interaction interaction, AudioFormat audio)
      throws IOException, CertificateRefusedException;

  ScreenSession startScreen(Recorder recorder, Interaction interaction)
      throws IOException, CertificateRefusedException;

  /** Certificates that were named, in any store. */
  record Named(
      Path store,
      CatalogAddress catalog,
      List<RecordingCertificate> call,
      List<RecordingCertificate> screen)
      implements CapturePlan {

    @Override
    public Tenant tenant() {
      return Tenant.DEFAULT;
    }

    @Override
    public boolean encryptsCall() {
      return !call.isEmpty();
    }

    @Override
    public boolean encryptsScreen() {
      return !screen.isEmpty();
    }

    @Override
    public CallSession startCall(Recorder recorder, Interaction interaction, AudioFormat audio)
        throws IOException, CertificateRefusedException {
      return recorder.startCall(interaction, call, audio);
    }

    @Override
    public ScreenSession startScreen(Recorder recorder, Interaction interaction)
        throws IOException, CertificateRefusedException {
      return recorder.startScreen(interaction, screen);
    }
  }

  /**
   * What a data folder provisions.
   *
   * @param call null where no call is recorded
   * @param screen null where no screen is recorded
   */
  record Provisioned(
      Path store,
      CatalogAddress catalog,
      Tenant tenant,
      @Nullable CallProvision call,
      @Nullable CertificateSelection screen)
      implements CapturePlan {

    @Override
    public boolean encryptsCall() {
      return call != null && !call.certificates().certificates().isEmpty();
    }

    @Override
    public boolean encryptsScreen() {
      return screen != null && !screen.certificates().isEmpty();
    }

    @Override
    public CallSession startCall(Recorder recorder, Interaction interaction, AudioFormat audio)
        throws IOException {
      return recorder.startCall(interaction, planned(call), audio);
    }

    @Override
    public ScreenSession startScreen(Recorder recorder, Interaction interaction)
        throws IOException {
      return recorder.startScreen(interaction, planned(screen));
    }

    private static <T> T planned(@Nullable T what) {
      if (what == null) {
        throw new IllegalStateException("what is recorded was planned before");
      }
      return what;
    }
  }
}
