package dev.tapeseal.platform;

import dev.tapeseal.http.UsersFile;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.webservices.WebServices;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The user {@code ops}, who is there from the first start on; what he may and his password are changed like anyone's. */
final class OpsUser {
  static final String NAME = "ops";

  private OpsUser() {}

  /**
   * Makes the user where there is none.
   *
   * @return the password, where it was made here
   */
  static Optional<Secret> ensure(UsersFile users, PlatformSettings settings, SecureRandom random)
      throws IOException {
    if (users.find(NAME).isPresent()) {
      return Optional.empty();
    }
    Optional<Path> file = settings.folder().settings().find(SettingKeys.OPS_PASSWORD_FILE);
    if (settings.opsPassword().isPresent()) {
      Users.put(users, NAME, settings.opsPassword().get(), Set.of(WebServices.OPS), random);
      return Optional.empty();
    }
    if (file.isPresent()) {
      try (Secret password = Secret.firstLineOf(file.get())) {
        Users.put(users, NAME, password, Set.of(WebServices.OPS), random);
      }
      return Optional.empty();
    }
    char[] characters = Passwords.random(random);
    Secret made = Secret.copyOf(characters);
    Arrays.fill(characters, '\0');
    Users.put(users, NAME, made, Set.of(WebServices.OPS), random);
    return Optional.of(made);
  }
}
