package dev.tapeseal.http;

import java.util.Set;
import java.util.regex.Pattern;

/** Someone who may log in. */
public record User(String name, PasswordHash password, Set<String> privileges) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
  private static final Pattern PRIVILEGE = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  /** Refuses a name or a privilege that a users file cannot hold. */
  public User {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "user name: '" + name + "' (expected: 1 to 64 letters, digits, '.', '_', '@' or '-')");
    }
    for (String privilege : privileges) {
      if (!PRIVILEGE.matcher(privilege).matches()) {
        throw new IllegalArgumentException(
            "privilege: '" + privilege + "' (expected: lower-case letters, digits and '-')");
      }
    }
    privileges = Set.copyOf(privileges);
  }

  Principal principal() {
    return new Principal(name, privileges);
  }
}
