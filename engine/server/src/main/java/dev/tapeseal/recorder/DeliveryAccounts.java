package dev.tapeseal.recorder;

import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.TrustedAuthorities;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Who recordings are delivered as, where their IVR profile does not say, and whose TLS certificates are trusted on the
 * way. Immutable and safe for any thread; passwords are kept as long as it is, since each delivery sends them.
 */
public final class DeliveryAccounts {
  /** Nobody: only profiles name passwords, and only the JDK's authorities are trusted. */
  public static final DeliveryAccounts NONE =
      new DeliveryAccounts(new char[0], new char[0], Optional.empty());

  private final char[] metadata;
  private final char[] storage;
  private final Optional<SSLContext> tls;

  private DeliveryAccounts(char[] metadata, char[] storage, Optional<SSLContext> tls) {
    this.metadata = metadata;
    this.storage = storage;
    this.tls = tls;
  }

  /**
   * Accounts that are given.
   *
   * @param metadata {@code username:password} that metadata are posted to IRWS with; empty for none
   * @param storage likewise for storages whose profile names none
   */
  public static DeliveryAccounts of(char[] metadata, char[] storage) {
    return new DeliveryAccounts(metadata.clone(), storage.clone(), Optional.empty());
  }

  /**
   * Those of the settings {@code recorder.…} and {@code tls.ca-file}.
   *
   * @throws IOException where a file that they name cannot be used
   */
  public static DeliveryAccounts of(Settings settings) throws IOException {
    return new DeliveryAccounts(
        settings.account(SettingKeys.RECORDER_IRWS_USER, SettingKeys.RECORDER_IRWS_PASSWORD_FILE),
        settings.account(
            SettingKeys.RECORDER_STORAGE_USER, SettingKeys.RECORDER_STORAGE_PASSWORD_FILE),
        TrustedAuthorities.of(settings).map(TrustedAuthorities::context));
  }

  char[] metadata() {
    return metadata.clone();
  }

  char[] storage() {
    return storage.clone();
  }

  Optional<SSLContext> tls() {
    return tls;
  }

  /** Nothing of the passwords. */
  @Override
  public String toString() {
    return "DeliveryAccounts";
  }
}
