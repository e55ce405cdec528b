package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After import, record and decrypt, and after each of them failed, no log, temporary file, environment or message holds
 * a private key, a password or a session key. Logging is at its most talkative, and stack traces are printed.
 */
class CanaryTest {
  private static final String PASSWORD = "canary-4711-of-the-store";
  private static final String WRONG_PASSWORD = "canary-0815-that-is-wrong";

  @TempDir
  private Path folder;

  @Test
  void secrets_areNowhereButWhereTheyBelong() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "this system has no /proc");
    Path work = Files.createDirectory(folder.resolve("work"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path inputs = Files.createDirectory(folder.resolve("inputs")); // the only place for secrets
    Files.writeString(inputs.resolve("password"), PASSWORD + "\n");
    Files.writeString(inputs.resolve("wrong"), WRONG_PASSWORD + "\n");
    Path logging =
        Files.writeString(inputs.resolve("logback.xml"), """
        <configuration>
          <appender name="FILE" class="ch.qos.logback.core.FileAppender">
            <file>%s</file>
            <encoder><pattern>%%d %%level %%logger %%msg%%n%%ex</pattern></encoder>
          </appender>
          <root level="TRACE"><appender-ref ref="FILE" /></root>
        </configuration>
        """.formatted(work.resolve("log.txt")));
    ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-Dlogback.configurationFile=" + logging,
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(work.resolve("said.txt").toFile());
    builder.environment().put("TAPESEAL_DEBUG", "1");
    Process process = builder.start();
    try {
      Path done = folder.resolve("done");
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      while (!Files.exists(done) && process.isAlive() && System.nanoTime() - deadline < 0) {
        Thread.sleep(20);
      }
      assertThat(done).as(Files.readString(work.resolve("said.txt"))).exists();
      for (String name : List.of("environ", "cmdline")) {
        Files.copy(Path.of("/proc", Long.toString(process.pid()), name), work.resolve(name));
      }
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    Map<String, byte[]> secrets = secrets(work.resolve("recordings"));
    assertThat(Files.readString(work.resolve("said.txt")))
        .contains("wrong password", "\tat dev.tapeseal");
    assertThat(Files.size(work.resolve("log.txt"))).isPositive();
    int searched = 0;
    for (Path root : List.of(work, temporary)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          byte[] content = Files.readAllBytes(file);
          secrets.forEach((name, secret) ->
              assertThat(holds(content, secret)).as(name + " in " + file).isFalse());
          searched++;
        }
      }
    }
    assertThat(searched).isGreaterThan(6);
    secrets.forEach((name, secret) -> { // what is searched for would be found
      byte[] beside = Arrays.copyOf(secret, secret.length + 3);
      assertThat(holds(beside, secret)).as(name).isTrue();
    });
  }

  /** Each secret in the forms that it could slip out in. */
  private static Map<String, byte[]> secrets(Path store) throws Exception {
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    secrets.put("the password", PASSWORD.getBytes(StandardCharsets.UTF_8));
    secrets.put("the password in UTF-16", PASSWORD.getBytes(StandardCharsets.UTF_16BE));
    secrets.put("the wrong password", WRONG_PASSWORD.getBytes(StandardCharsets.UTF_8));
    secrets.put(
        "the key's password",
        Files.readString(SampleCertificates.passwordPath())
            .strip()
            .getBytes(StandardCharsets.UTF_8));
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) FIRST.privateKey();
    Map<String, BigInteger> numbers = Map.of(
        "d",
        key.getPrivateExponent(),
        "p",
        key.getPrimeP(),
        "q",
        key.getPrimeQ(),
        "dp",
        key.getPrimeExponentP());
    numbers.forEach((name, number) -> {
      byte[] bytes = number.toByteArray();
      addForms(secrets, name, Arrays.copyOfRange(bytes, 8, 40));
      secrets.put(name + " in decimal", ascii(number.toString().substring(0, 40)));
    });
    List<String> pem = new String(
            Samples.bytes("certificates/first_key.pem"), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.length() == 64)
        .toList();
    for (int i = 10; i < pem.size(); i++) { // those before are the modulus, which is public
      secrets.put("line " + i + " of the key's PEM", ascii(pem.get(i)));
    }
    addForms(secrets, "the session key", sessionKey(store));
    return secrets;
  }

  private static void addForms(Map<String, byte[]> secrets, String name, byte[] secret) {
    secrets.put(name, secret);
    secrets.put(name + " in hexadecimal", ascii(HexFormat.of().formatHex(secret)));
    secrets.put(
        name + " in base64", ascii(Base64.getEncoder().withoutPadding().encodeToString(secret)));
    secrets.put(name + " as an array", ascii(Arrays.toString(secret)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] sessionKey(Path store) throws Exception {
    List<byte[]> keys = new ArrayList<>();
    Path media;
    try (Stream<Path> files = Files.walk(store)) {
      media = files.filter(file -> file.toString().endsWith(".mp3")).findFirst().orElseThrow();
    }
    try (BareKeys bare =
        BareKeys.read(List.of(FIRST.keyPath()), List.of(FIRST.certificatePath()), null)) {
      KeyUnwrapper watching = (recipients, keyBits) -> {
        var key = bare.unwrap(recipients, keyBits);
        keys.add(key.copyBytes());
        return key;
      };
      RecordingReader.open(RecordingSource.ofFile(media), watching, RecordingExpectation.none())
          .close();
    }
    return keys.get(0);
  }

  private static boolean holds(byte[] content, byte[] secret) {
    for (int i = 0; i <= content.length - secret.length; i++) {
      if (Arrays.equals(content, i, i + secret.length, secret, 0, secret.length)) {
        return true;
      }
    }
    return false;
  }

  /** The process that has the secrets, and stays until it was looked at. */
  static final class Child {
    private Child() {}

    /** Imports, records and decrypts in the folder that it is given, well and badly. */
    public static void main(String... arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      Path work = folder.resolve("work");
      Path password = folder.resolve("inputs/password");
      Path wrong = folder.resolve("inputs/wrong");
      Path store = work.resolve("recordings");
      Path encrypted = Samples.path("certificates/first_key_pkcs8_pbkdf2.pem");
      List<Object> keystore = List.of("--keystore", work.resolve("keystore.p12"));
      List<Object> opened = with(keystore, "--keystore-password-file", password);
      List<Object> importing = List.of(
          "keystore",
          "import",
          "--alias",
          "first",
          "--key",
          encrypted,
          "--cert",
          FIRST.certificatePath());
      run(1, with(with(importing, "--password-file", wrong), opened.toArray()));
      run(
          0,
          with(
              with(importing, "--password-file", SampleCertificates.passwordPath()),
              opened.toArray()));
      run(
          1,
          with(
              List.of(
                  "keystore",
                  "import",
                  "--alias",
                  "second",
                  "--key",
                  encrypted,
                  "--password-file",
                  SampleCertificates.passwordPath(),
                  "--cert",
                  SECOND.certificatePath()),
              opened.toArray()));
      run(
          0,
          with(List.of(
              "record",
              "--store",
              store,
              "--call",
              Samples.path("media/call.mp3"),
              "--cert",
              FIRST.certificatePath())));
      Path media;
      try (Stream<Path> files = Files.walk(store)) {
        media =
            files.filter(file -> file.toString().endsWith(".mp3")).findFirst().orElseThrow();
      }
      run(0, with(List.of("decrypt", media, "-o", work.resolve("played.mp3")), opened.toArray()));
      run(
          1,
          with(
              List.of("decrypt", media, "-o", work.resolve("never.mp3")),
              with(keystore, "--keystore-password-file", wrong).toArray()));
      Path damaged = work.resolve("damaged.p7m");
      byte[] bytes = Files.readAllBytes(media);
      bytes[300] ^= 1;
      Files.write(damaged, bytes);
      run(1, with(List.of("decrypt", damaged, "-o", work.resolve("never.mp3")), opened.toArray()));
      run(
          0,
          with(
              List.of(
                  "keystore",
                  "backup",
                  "-o",
                  work.resolve("backup.zip"),
                  "--backup-password-file",
                  password),
              opened.toArray()));
      run(
          0,
          with(List.of(
              "keystore",
              "backup",
              "verify",
              work.resolve("backup.zip"),
              "--store",
              store,
              "--backup-password-file",
              password)));
      run(0, with(List.of("keystore", "list", "--json"), opened.toArray()));
      Files.createFile(folder.resolve("done"));
      System.in.read();
    }

    private static List<Object> with(List<Object> arguments, Object... more) {
      List<Object> all = new ArrayList<>(arguments);
      all.addAll(List.of(more));
      return all;
    }

    private static void run(int expected, List<Object> arguments) {
      int exitCode = Tapeseal.run(
          Terminal.ofProcess(), arguments.stream().map(Object::toString).toArray(String[]::new));
      if (Math.min(exitCode, 1) != expected) {
        throw new IllegalStateException(arguments + ": exit code " + exitCode);
      }
    }
  }
}
