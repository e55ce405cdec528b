package dev.tapeseal.platform;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.SettingsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a platform is started with: a data folder with its settings, and what no setting can say. Immutable. */
public final class PlatformSettings {
  private static final Duration WARM_UP = Duration.ofMillis(300);

  private final DataFolder folder;
  private final @Nullable KeyPassword keyStorePassword;
  private final @Nullable Secret opsPassword;
  private final Clock clock;
  private final Duration warmUp;
  private final boolean shutdownHook;

  private PlatformSettings(
      DataFolder folder,
      @Nullable KeyPassword keyStorePassword,
      @Nullable Secret opsPassword,
      Clock clock,
      Duration warmUp,
      boolean shutdownHook) {
    this.folder = folder;
    this.keyStorePassword = keyStorePassword;
    this.opsPassword = opsPassword;
    this.clock = clock;
    this.warmUp = warmUp;
    this.shutdownHook = shutdownHook;
  }

  /** A folder with its settings: address, ports, TLS and the rest are theirs. */
  public static PlatformSettings of(DataFolder folder) {
    return new PlatformSettings(folder, null, null, Clock.systemUTC(), WARM_UP, false);
  }

  /** A folder on 127.0.0.1 and a free port, without warm-up, whatever stands in its {@code rcs.properties}: for tests. */
  public static PlatformSettings inFolder(Path folder) {
    try {
      Settings settings =
          Settings.builder().flag("free port", SettingKeys.HTTP_PORT, "0").build();
      return of(DataFolder.of(folder, settings)).withWarmUp(Duration.ZERO);
    } catch (SettingsException e) {
      throw new IllegalStateException("0 is a port", e);
    }
  }

  /** Opens the key store with this password, which stays the caller's and is needed until the platform has started. */
  public PlatformSettings withKeyStorePassword(KeyPassword password) {
    return new PlatformSettings(folder, password, opsPassword, clock, warmUp, shutdownHook);
  }

  /**
   * Gives the user {@code ops} this password where there is no such user yet; otherwise one is made. It stays the
   * caller's and is needed until the platform has started.
   */
  public PlatformSettings withOpsPassword(Secret password) {
    return new PlatformSettings(folder, keyStorePassword, password, clock, warmUp, shutdownHook);
  }

  /** Sees this time. */
  public PlatformSettings withClock(Clock newClock) {
    return new PlatformSettings(
        folder, keyStorePassword, opsPassword, newClock, warmUp, shutdownHook);
  }

  /**
   * Uses the ciphers for so long before it has started. Zero starts at once and tests them all the same; the first players
   * then wait for the compiler.
   */
  public PlatformSettings withWarmUp(Duration duration) {
    return new PlatformSettings(
        folder, keyStorePassword, opsPassword, clock, duration, shutdownHook);
  }

  /** Closes the platform when the JVM ends, too. */
  public PlatformSettings withShutdownHook() {
    return new PlatformSettings(folder, keyStorePassword, opsPassword, clock, warmUp, true);
  }

  /** The data folder. */
  public DataFolder folder() {
    return folder;
  }

  Optional<KeyPassword> keyStorePassword() {
    return Optional.ofNullable(keyStorePassword);
  }

  Optional<Secret> opsPassword() {
    return Optional.ofNullable(opsPassword);
  }

  Clock clock() {
    return clock;
  }

  Duration warmUp() {
    return warmUp;
  }

  boolean shutdownHook() {
    return shutdownHook;
  }
}
