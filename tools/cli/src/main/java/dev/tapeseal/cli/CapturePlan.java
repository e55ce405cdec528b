package dev.tapeseal.cli;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.platform.DataStore;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.CertificateSelection;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.recorder.DeliveryAccounts;
import dev.tapeseal.recorder.Undelivered;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a recording goes and what it is encrypted under: named on the command line, or provisioned. */
sealed interface CapturePlan {
  /** The store, which the caller closes. */
  RecordingStore openStore() throws IOException;

  /** Whose interaction it is. */
  Tenant tenant();

  /** Where the call waits for its delivery, where it is delivered elsewhere; null where it stays in the store. */
  @Nullable
  Undelivered openUndelivered() throws IOException;

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
    public RecordingStore openStore() throws IOException {
      return RecordingStore.open(store, catalog);
    }

    @Override
    public Tenant tenant() {
      return Tenant.DEFAULT;
    }

    @Override
    public @Nullable Undelivered openUndelivered() {
      return null;
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
   * @param profiles by which a recording is delivered
   * @param call null where no call is recorded
   * @param screen null where no screen is recorded
   */
  record Provisioned(
      DataFolder folder,
      Profiles profiles,
      Tenant tenant,
      @Nullable CallProvision call,
      @Nullable CertificateSelection screen)
      implements CapturePlan {

    @Override
    public RecordingStore openStore() throws IOException {
      return DataStore.open(folder);
    }

    @Override
    public @Nullable Undelivered openUndelivered() throws IOException {
      if (call == null || !Undelivered.isFor(call.profile())) {
        return null;
      }
      return Undelivered.open(
          folder.undelivered(),
          profiles,
          DeliveryAccounts.of(folder.settings()),
          Clock.systemUTC());
    }

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
