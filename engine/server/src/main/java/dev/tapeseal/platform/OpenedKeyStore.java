package dev.tapeseal.platform;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.settings.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Opens the key store of a data folder, under the password that was given, or the one in the folder's password file.
 * Where there is neither a key store nor a password, a password is made and kept in that file.
 */
record OpenedKeyStore(RecordingKeyStore keys, boolean passwordMade) {

  static OpenedKeyStore open(PlatformSettings settings, SecureRandom random)
      throws IOException, GeneralSecurityException {
    DataFolder folder = settings.folder();
    if (settings.keyStorePassword().isPresent()) {
      return new OpenedKeyStore(
          RecordingKeyStore.openOrBegin(
              folder.keyStore(), settings.keyStorePassword().get()),
          false);
    }
    Path file = folder.keyStorePassword();
    boolean made = Files.notExists(file);
    if (made) {
      make(folder, file, random);
    }
    try (KeyPassword password = KeyPassword.read(file)) {
      return new OpenedKeyStore(RecordingKeyStore.openOrBegin(folder.keyStore(), password), made);
    }
  }

  private static void make(DataFolder folder, Path file, SecureRandom random) throws IOException {
    boolean isNamedElsewhere = !file.startsWith(folder.path());
    if (Files.exists(folder.keyStore()) || isNamedElsewhere) {
      throw new NoSuchFileException(
          file.toString(),
          null,
          "no password of the key store " + folder.keyStore()
              + " (expected: this file with the password in its first line)");
    }
    char[] password = Passwords.random(random);
    try {
      Passwords.write(file, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
