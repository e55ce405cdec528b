package dev.tapeseal.platform;

import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.User;
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
    Optional<Secret> made = Optional.empty();
    char[] password;
    if (settings.opsPassword().isPresent()) {
      password = settings.opsPassword().get().copyCharacters();
    } else if (file.isPresent()) {
      password = Passwords.firstLine(file.get());
    } else {
      password = Passwords.random(random);
      made = Optional.of(Secret.copyOf(password));
    }
    try {
      users.put(new User(NAME, PasswordHash.of(password, random), Set.of(WebServices.OPS)));
      return made;
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
