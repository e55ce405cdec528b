package dev.tapeseal.store;

/**
 * Whose recordings they are: a contact center and one of its tenants. Each is a folder in the archive layout.
 *
 * <p>Names may be any text of 1 to 80 characters without control characters; in a folder's name what could mean
 * something to a file system is percent-encoded.
 */
public record Tenant(String contactCenterId, String name) {
  /** For those who have one contact center and one tenant. */
  public static final Tenant DEFAULT =
      new Tenant("00000000000000000000000000000001", "Environment");

  /** Refuses names that no folder can have. */
  public Tenant {
    FolderName.check("contact center id", contactCenterId);
    FolderName.check("tenant", name);
  }
}
