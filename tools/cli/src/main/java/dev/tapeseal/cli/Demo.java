package dev.tapeseal.cli;

import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of {@code tapeseal demo}, each with what a user would type for it. A {@code tapeseal} command that is shown
 * is the one that was executed, and so is {@code openssl cms}; files are shown and compared in this process as the
 * commands beside them would. A method a step makes it long.
 */
final class Demo {
  private static final int SHOWN_BYTES = 32;

  private final Terminal terminal;
  private final Path folder;
  private final Provided provided;
  private final RecordingFormat format;
  private final Consumer<Step> shown;
  private final List<Step> steps = new ArrayList<>();

  /** How a step ended. */
  enum Outcome {
    OK,
    FAILED,
    /** It needs a program that is not here. */
    LEFT_OUT
  }

  /**
   * One step.
   *
   * @param title what it shows
   * @param commands what a user would type for it
   * @param output what came of it, line by line
   */
  record Step(String title, List<String> commands, List<String> output, Outcome outcome) {
    void print(PrintStream out) {
      out.println();
      out.println("# " + title);
      commands.forEach(command -> out.println("$ " + command));
      output.forEach(line -> out.println("  " + line));
      out.flush();
    }
  }

  /** What its user brings; what is missing is made. */
  record Provided(
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable Path ca) {
    void requireFiles() throws IOException {
      Inputs.requireFiles(Arrays.asList(certificate, key, ca));
    }
  }

  /** What recordings are encrypted under, and by what they are read again. */
  private record Identity(
      Path certificate, Path key, @Nullable Path ca) {}

  Demo(
      Terminal terminal,
      Path folder,
      Provided provided,
      RecordingFormat format,
      Consumer<Step> shown) {
    this.terminal = terminal;
    this.folder = folder;
    this.provided = provided;
    this.format = format;
    this.shown = shown;
  }

  /** What was done so far. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Whether no step failed. */
  boolean isOk() {
    return steps.stream().noneMatch(step -> step.outcome() == Outcome.FAILED);
  }

  /** Runs every step, up to the first that fails. */
  void run() throws Exception {
    Identity identity = identity();
    Path key = identity.key();
    Path call = sample("call.mp3");
    Path screen = sample("screen.mp4");
    Path store = folder.resolve("recordings");
    if (!verify(identity) || !record(store, identity, call, screen)) {
      return;
    }
    Path storedCall;
    Path storedScreen;
    try (RecordingStore recordings = RecordingStore.openExisting(store)) {
      storedCall = stored(store, recordings, RecordingKind.CALL);
      storedScreen = stored(store, recordings, RecordingKind.SCREEN);
    }
    Path played = Files.createDirectories(folder.resolve("played"));
    showStored(storedCall, storedScreen);
    playBack("call", storedCall, key, call, played.resolve("call.mp3"));
    playBack("screen", storedScreen, key, screen, played.resolve("screen.mp4"));
    playByOpenSsl(storedCall, key, call, played.resolve("call-by-openssl.mp3"));
    refuseDamaged(storedCall, key, played.resolve("damaged.mp3"));
    mux(store, identity);
    run(
        "A call that is encrypted with a screen that is not: refused",
        ExitCode.REFUSED.number(),
        "mux",
        storedCall.toString(),
        screen.toString(),
        "-o",
        played.resolve("mixed.mp4").toString());
  }

  private void mux(Path store, Identity identity) {
    List<String> arguments = new ArrayList<>(List.of("mux", "--store", store.toString()));
    arguments.addAll(List.of("--key", identity.key().toString()));
    arguments.addAll(List.of("--cert", identity.certificate().toString()));
    arguments.addAll(ca(identity));
    run(
        "Mux the call and its screen into one recording, encrypted again; it joins the call",
        0,
        arguments.toArray(String[]::new));
  }

  private Identity identity() throws IOException {
    if (provided.certificate() != null && provided.key() != null) {
      return new Identity(provided.certificate(), provided.key(), provided.ca());
    }
    Path certificate = makeCertificates();
    Path certificates = folder.resolve("certificates");
    return new Identity(
        certificate,
        certificates.resolve("private_key.pem"),
        provided.ca() == null ? certificates.resolve("ca_bundle.pem") : provided.ca());
  }

  private boolean verify(Identity identity) {
    List<String> arguments = new ArrayList<>(List.of("cert", "verify"));
    arguments.addAll(ca(identity));
    arguments.add(identity.certificate().toString());
    return run("May recordings be encrypted under it?", 0, arguments.toArray(String[]::new));
  }

  private static List<String> ca(Identity identity) {
    return identity.ca() == null ? List.of() : List.of("--ca", identity.ca().toString());
  }

  private Path makeCertificates() throws IOException {
    Path certificates = Files.createDirectories(folder.resolve("certificates"));
    Path request = certificates.resolve("cert.req");
    Path certificate = certificates.resolve("cert.pem");
    run(
        "A certificate authority of one's own",
        0,
        "ca",
        "create",
        "--dir",
        certificates.toString(),
        "--cn",
        "Tapeseal demo CA");
    run(
        "A private key, and a request for a recording certificate",
        0,
        "cert",
        "request",
        "--cn",
        "Interaction Recording",
        "--o",
        "Monster & Sons, Inc.",
        "--ou",
        "Robot Repairs",
        "--l",
        "Pleasant Hill",
        "--st",
        "California",
        "--c",
        "US",
        "--key-out",
        certificates.resolve("private_key.pem").toString(),
        "--out",
        request.toString());
    run(
        "The authority signs the request",
        0,
        "cert",
        "sign",
        "--ca-dir",
        certificates.toString(),
        "--days",
        "825",
        request.toString(),
        "--out",
        certificate.toString());
    return certificate;
  }

  private Path sample(String name) throws IOException {
    Path media = Files.createDirectories(folder.resolve("media"));
    return Files.write(media.resolve(name), Samples.bytes("media/" + name));
  }

  private boolean record(Path store, Identity identity, Path call, Path screen) {
    String certificate = identity.certificate().toString();
    List<String> arguments = new ArrayList<>(List.of("record", "--store", store.toString()));
    arguments.addAll(List.of("--cert", certificate, "--screen-cert", certificate));
    arguments.addAll(ca(identity));
    arguments.addAll(List.of("--call", call.toString(), "--screen", screen.toString()));
    arguments.addAll(List.of("--caller", "8522001", "--dialed", "+14160000001"));
    arguments.addAll(List.of("--agent", "agent-1042"));
    if (format != RecordingFormat.PKCS7) {
      arguments.addAll(List.of("--format", format.label()));
    }
    return run(
        "Record 30 seconds of a call and of the agent's screen, both encrypted",
        0,
        arguments.toArray(String[]::new));
  }

  private static Path stored(Path store, RecordingStore recordings, RecordingKind kind)
      throws IOException {
    Recording recording =
        recordings.query(RecordingQuery.ALL.withKind(kind)).recordings().get(0);
    Map<String, String> descriptor = recording.mediaFiles().get(0).descriptor();
    String path = descriptor.get("path");
    if (path == null) {
      throw new IllegalStateException("a folder store tells the path of its media");
    }
    return store.resolve(path);
  }

  private void showStored(Path call, Path screen) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.addAll(firstBytes(call));
    lines.addAll(firstBytes(screen));
    add(new Step(
        "What lies in the store: no audio and no video",
        List.of(
            "head -c " + SHOWN_BYTES + " " + call + " | xxd",
            "head -c " + SHOWN_BYTES + " " + screen + " | xxd"),
        lines,
        Outcome.OK));
    run("What an envelope says without a key", 0, "inspect", call.toString());
  }

  private static List<String> firstBytes(Path file) throws IOException {
    byte[] first = new byte[SHOWN_BYTES];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.readFully(first);
    }
    List<String> lines = new ArrayList<>();
    for (int offset = 0; offset < first.length; offset += 16) {
      StringBuilder hex = new StringBuilder("%08x:".formatted(offset));
      StringBuilder text = new StringBuilder();
      for (int i = offset; i < offset + 16; i++) {
        hex.append(i % 2 == 0 ? " " : "").append(HexFormat.of().toHexDigits(first[i]));
        text.append(first[i] >= ' ' && first[i] < 127 ? (char) first[i] : '.');
      }
      lines.add(hex + "  " + text);
    }
    return lines;
  }

  private void playBack(String what, Path stored, Path key, Path original, Path played)
      throws IOException {
    run(
        "Decrypt the " + what,
        0,
        "decrypt",
        "--key",
        key.toString(),
        stored.toString(),
        "-o",
        played.toString());
    compare(
        "What came back is what went in",
        List.of("cmp " + original + " " + played),
        original,
        played);
  }

  private void compare(String title, List<String> commands, Path original, Path played)
      throws IOException {
    boolean same = Files.exists(played) && Files.mismatch(original, played) == -1;
    String line = same ? "identical, " + Files.size(played) + " bytes" : "NOT identical";
    add(new Step(title, commands, List.of(line), same ? Outcome.OK : Outcome.FAILED));
  }

  private void playByOpenSsl(Path stored, Path key, Path original, Path played) throws IOException {
    boolean sealed = format == RecordingFormat.SEALED;
    String title = sealed
        ? "OpenSSL opens the call's key envelope: with that key any implementation of AES-GCM plays it"
        : "OpenSSL decrypts the call, too";
    RecordingPart envelope = format.envelope();
    List<String> arguments = new ArrayList<>(List.of("cms", "-decrypt", "-inform", "DER", "-in"));
    arguments.add((envelope == null ? stored : envelope.beside(stored)).toString());
    if (format == RecordingFormat.PKCS7_DETACHED) {
      arguments.addAll(List.of("-content", stored.toString()));
    }
    arguments.addAll(List.of("-inkey", key.toString()));
    if (!sealed) {
      arguments.addAll(List.of("-out", played.toString()));
    }
    String command = "openssl " + String.join(" ", arguments);
    if (!OpenSsl.isPresent()) {
      add(new Step(
          title + ": openssl is not on the PATH", List.of(command), List.of(), Outcome.LEFT_OUT));
      return;
    }
    byte[] said = OpenSsl.run(arguments.toArray(String[]::new));
    if (sealed) {
      String members = new String(said, StandardCharsets.UTF_8)
          .replaceAll("\"sessionKey\":\"[0-9a-f]*\"", "\"sessionKey\":\"…\"");
      add(new Step(
          title,
          List.of(command),
          List.of(members),
          members.contains("…") ? Outcome.OK : Outcome.FAILED));
      return;
    }
    compare(title, List.of(command, "cmp " + original + " " + played), original, played);
  }

  private void refuseDamaged(Path stored, Path key, Path played) throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("damaged")).resolve(stored.getFileName());
    Files.copy(stored, damaged);
    for (RecordingPart part : RecordingPart.values()) {
      if (part != RecordingPart.MEDIA && Files.exists(part.beside(stored))) {
        Files.copy(part.beside(stored), part.beside(damaged));
      }
    }
    long middle = Files.size(damaged) / 2;
    try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
      file.seek(middle);
      int octet = file.read();
      file.seek(middle);
      file.write(octet ^ 1);
    }
    run(
        "Flip one bit in the middle of a copy: refused, because "
            + (format.isCbc() ? "of its .mac" : "every segment authenticates itself"),
        ExitCode.FAILED.number(),
        "decrypt",
        "--key",
        key.toString(),
        damaged.toString(),
        "-o",
        played.toString());
  }

  /** Runs a tapeseal command in this process, and tells whether it ended as expected. */
  private boolean run(String title, int expectedExitCode, String... arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int exitCode = Tapeseal.run(
        new Terminal(
            new ByteArrayInputStream(new byte[0]), output, output, terminal.environment(), false),
        arguments);
    List<String> lines =
        new ArrayList<>(output.toString(StandardCharsets.UTF_8).lines().toList());
    if (exitCode != 0) {
      lines.add("exit code " + exitCode);
    }
    boolean asExpected = exitCode == expectedExitCode;
    add(new Step(
        title, List.of(typed(arguments)), lines, asExpected ? Outcome.OK : Outcome.FAILED));
    return asExpected;
  }

  private static String typed(String... arguments) {
    StringBuilder line = new StringBuilder("tapeseal");
    for (String argument : arguments) {
      boolean plain = argument.matches("[A-Za-z0-9_@%+=:,./-]+");
      line.append(' ').append(plain ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  private void add(Step step) {
    steps.add(step);
    shown.accept(step);
  }
}
