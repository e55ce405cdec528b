package dev.tapeseal.keystore;

import dev.tapeseal.store.Tenant;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for.
 *
 * @param onlyOaep whether it decrypts RSAES-OAEP alone: a key that serves PKCS#1 v1.5, too, could be made to open OAEP
 *     envelopes through a flaw in the other (RFC 9709 has more of the kind)
 * @param tenant whose recordings it is for; null where it is anybody's
 */
public record KeyLimits(boolean onlyOaep, @Nullable Tenant tenant) {

  /** A key without limits. */
  public static final KeyLimits NONE = new KeyLimits(false, null);

  /** The same, for RSAES-OAEP alone. */
  public KeyLimits withOnlyOaep() {
    return new KeyLimits(true, tenant);
  }

  /** The same, for one tenant's recordings. */
  public KeyLimits withTenant(Tenant owner) {
    return new KeyLimits(onlyOaep, owner);
  }
}
