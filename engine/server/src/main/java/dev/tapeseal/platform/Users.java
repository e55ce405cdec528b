package dev.tapeseal.platform;

import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.rcs.CryptoServer;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.webservices.WebServices;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use the services over a data folder. A platform that runs sees a change with the next request. Any thread, and
 * any process.
 */
public final class Users {
  /** What a user may be allowed. */
  public static final List<String> PRIVILEGES =
      List.of(CryptoServer.ADMINISTER_CERTIFICATES, CryptoServer.DECRYPT, WebServices.OPS);

  private final UsersFile file;

  private Users(UsersFile file) {
    this.file = file;
  }

  /** Opens the users of a folder, which is made where it is missing. */
  public static Users open(DataFolder folder) throws IOException {
    Files.createDirectories(folder.path());
    return new Users(UsersFile.open(folder.users()));
  }

  /**
   * Adds a user; takes a good part of a second, since the password is hashed.
   *
   * @param password stays the caller's
   * @param privileges of {@link #PRIVILEGES}
   * @throws FileAlreadyExistsException where there is one of this name
   * @throws IllegalArgumentException where the name or a privilege cannot be one
   */
  public void add(String name, Secret password, Set<String> privileges) throws IOException {
    if (file.find(name).isPresent()) {
      throw new FileAlreadyExistsException(
          name, null, "there is a user of this name (expected: a new one)");
    }
    replace(name, password, privileges);
  }

  /** Adds a user, or gives one there is another password and other privileges. */
  public void replace(String name, Secret password, Set<String> privileges) throws IOException {
    if (!PRIVILEGES.containsAll(privileges) || privileges.isEmpty()) {
      throw new IllegalArgumentException(
          "privileges: " + privileges + " (expected: some of " + PRIVILEGES + ")");
    }
    put(file, name, password, privileges, new SecureRandom());
  }

  /** What a user may; empty where there is none of this name. */
  public Optional<Set<String>> privileges(String name) throws IOException {
    return file.find(name).map(User::privileges);
  }

  /** Everybody by name, each with what the user may, in the order in which they were added. */
  public Map<String, Set<String>> all() throws IOException {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    for (User user : file.all()) {
      all.put(user.name(), user.privileges());
    }
    return all;
  }

  /**
   * Removes a user, whose sessions end with their next request. The user {@code ops} is made anew by the next start.
   *
   * @throws NoSuchFileException where there is none of this name
   */
  public void remove(String name) throws IOException {
    if (file.find(name).isEmpty()) {
      throw new NoSuchFileException(
          name, null, "there is no user of this name (see 'tapeseal user list')");
    }
    file.remove(name);
  }

  static void put(
      UsersFile file, String name, Secret password, Set<String> privileges, SecureRandom random)
      throws IOException {
    char[] characters = password.copyCharacters();
    try {
      file.put(new User(name, PasswordHash.of(characters, random), privileges));
    } finally {
      Arrays.fill(characters, '\0');
    }
  }
}
