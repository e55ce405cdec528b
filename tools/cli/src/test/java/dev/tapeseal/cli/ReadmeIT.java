package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command and every line of Java in README.md does what it says. */
class ReadmeIT {
  private static final Path ROOT = Path.of(System.getProperty("tapeseal.root"));
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

  private static final String KEY_STORE = "TAPESEAL_KEYSTORE=";
  private static final String USER_ADD = "tools/bin/tapeseal user add ";
  private static final String CA_CREATE = "tools/bin/tapeseal ca create ";

  @TempDir
  private Path folder;

  @Test
  void javaExample_recordsAndPlaysBack() throws Exception {
    Files.copy(SampleCertificates.FIRST.certificatePath(), folder.resolve("cert.pem"));
    Files.copy(SampleCertificates.FIRST.keyPath(), folder.resolve("private_key.pem"));
    byte[] spoken = new byte[160];
    Arrays.fill(spoken, (byte) 0x55);
    ByteBuffer frame = ByteBuffer.wrap(spoken);
    ByteBuffer played = ByteBuffer.allocate(160);

    example(folder, frame, played);

    assertThat(played.array()).isEqualTo(spoken);
  }

  private static void example(Path folder, ByteBuffer frame, ByteBuffer played) throws Exception {
    // README: begin
    var certificate = RecordingCertificate.read(folder.resolve("cert.pem"));
    try (var store = RecordingStore.open(folder.resolve("recordings"));
        var call = Recorder.into(store)
            .startCall(
                Interaction.anonymous(new SecureRandom()),
                List.of(certificate),
                AudioFormat.muLaw(8000, 1))) {
      call.write(frame); // 20 ms of the call, again and again
      var media = call.stop().mediaFiles().get(0);
      var stored = RecordingSource.ofFile(
          folder.resolve("recordings").resolve(media.descriptor().get("path")));
      try (var keys = BareKeys.read(List.of(folder.resolve("private_key.pem")), List.of(), null);
          var playback = RecordingReader.open(stored, keys, RecordingExpectation.none())) {
        playback
            .position(58)
            .read(played); // behind the WAV header; any position, nothing unverified
      }
    }
    // README: end
  }

  @Test
  void javaExample_isTheOneThatIsTested() throws IOException {
    String example = tested("tools/cli/src/test/java/dev/tapeseal/cli/ReadmeIT.java");
    String sample = tested("fixtures/testkit/src/test/java/dev/tapeseal/testkit/PlaybackTest.java");

    assertThat(blocks("java")).hasSize(2);
    assertThat(withoutSpace(blocks("java").get(0))).isEqualTo(withoutSpace(example));
    assertThat(withoutSpace(blocks("java").get(1))).isEqualTo(withoutSpace(sample));
  }

  private static String tested(String file) throws IOException {
    String source = Files.readString(ROOT.resolve(file));
    return source.substring(
        source.indexOf("// README: begin") + "// README: begin".length(),
        source.indexOf("// README: end"));
  }

  @Test
  void commands_areThoseThatAreTested() throws IOException {
    assertThat(blocks("sh").stream().map(String::strip).toList())
        .hasSize(8)
        .contains("tools/bin/tapeseal demo", "tools/bin/verify", "tools/bin/tapeseal --version")
        .anySatisfy(block -> assertThat(block).startsWith("tools/bin/tapeseal mux "))
        .anySatisfy(block -> assertThat(block).contains(KEY_STORE))
        .anySatisfy(block -> assertThat(block).startsWith(CA_CREATE))
        .anySatisfy(block -> assertThat(block).startsWith("tools/bin/tapeseal profile "))
        .anySatisfy(block -> assertThat(block).startsWith(USER_ADD));
    assertThat(ROOT.resolve("tools/bin/verify")).isExecutable();
    assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("tools/bin/verify");
  }

  @Test
  void demo_runsThroughTheLauncher() throws Exception {
    String said = run(ROOT.resolve("tools/bin/tapeseal").toString(), "demo");

    assertThat(said)
        .contains("What came back is what went in", "identical", "does not match its tag")
        .contains("All of it lies in tapeseal-demo");
    assertThat(folder.resolve("tapeseal-demo/played/call.mp3"))
        .hasSameBinaryContentAs(folder.resolve("tapeseal-demo/media/call.mp3"));
    assertThat(said).contains("mixed pair");
    muxWhatTheDemoLeft();
    runBlock("tools/bin/tapeseal profile ");
    assertThat(folder.resolve("tapeseal-data/recordings/catalog.db")).exists();
    playWhatWasRecorded();
  }

  /** At a free port, since another may have the one that README.md names. */
  private void playWhatWasRecorded() throws Exception {
    Files.createSymbolicLink(folder.resolve("tools"), ROOT.resolve("tools"));
    Files.writeString(folder.resolve("password.txt"), "correct horse\n");
    String port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = Integer.toString(free.getLocalPort());
    }
    List<String> blocks =
        blocks("sh").stream().filter(block -> block.startsWith(USER_ADD)).toList();
    assertThat(blocks).hasSize(1);

    String said =
        run("bash", "-euom", "pipefail", "-c", blocks.get(0).replace("8080", port) + "wait");

    assertThat(said).contains("READY tapeseal ", "http://127.0.0.1:" + port + " in ");
    assertThat(said.split("\"state\":\"stored\"", -1)).as(said).hasSize(3);
    byte[] call = Files.readAllBytes(folder.resolve("tapeseal-demo/media/call.mp3"));
    assertThat(folder.resolve("beginning.mp3"))
        .hasBinaryContent(Arrays.copyOf(call, Math.min(call.length, 100_000)));
  }

  private void muxWhatTheDemoLeft() throws Exception {
    runBlock("tools/bin/tapeseal mux ");
    assertThat(Files.size(folder.resolve("muxed.mp4"))).isGreaterThan(500_000);
  }

  /** Runs every command of the block that begins so. */
  private void runBlock(String beginning) throws Exception {
    for (String block : blocks("sh")) {
      if (block.startsWith(beginning)) {
        for (String command : block.strip().split("\n", -1)) {
          run(ROOT.resolve(command).toString().split(" ", -1));
        }
      }
    }
  }

  @Test
  void keyStoreCommands_run() throws Exception {
    Files.copy(SampleCertificates.FIRST.certificatePath(), folder.resolve("cert.pem"));
    Files.copy(SampleCertificates.FIRST.keyPath(), folder.resolve("private_key.pem"));
    Files.copy(SampleCertificates.SECOND.certificatePath(), folder.resolve("next_cert.pem"));
    Files.copy(SampleCertificates.SECOND.keyPath(), folder.resolve("next_key.pem"));
    Files.createDirectories(folder.resolve("ca"));
    Files.copy(Samples.path("certificates/ca.pem"), folder.resolve("ca/ca_bundle.pem"));
    Files.createDirectories(folder.resolve("tapeseal-demo/media"));
    Files.copy(Samples.path("media/call.mp3"), folder.resolve("tapeseal-demo/media/call.mp3"));
    Files.createSymbolicLink(folder.resolve("tools"), ROOT.resolve("tools"));
    List<String> blocks =
        blocks("sh").stream().filter(block -> block.contains(KEY_STORE)).toList();
    assertThat(blocks).hasSize(1);

    String said = run("bash", "-euo", "pipefail", "-c", blocks.get(0));

    assertThat(said)
        .contains("imported 'calls-2026'", "calls-2026: opened; decrypted recording")
        .contains("1 rewrapped");
    assertThat(folder.resolve("played.mp3"))
        .hasSameBinaryContentAs(folder.resolve("tapeseal-demo/media/call.mp3"));
  }

  @Test
  void certificateCommands_run() throws Exception {
    Files.createSymbolicLink(folder.resolve("tools"), ROOT.resolve("tools"));
    List<String> blocks =
        blocks("sh").stream().filter(block -> block.startsWith(CA_CREATE)).toList();
    assertThat(blocks).hasSize(1);

    String said = run("bash", "-euo", "pipefail", "-c", blocks.get(0));

    assertThat(said)
        .contains("Subject DN     CN=Interaction Recording,OU=Robot Repairs")
        .contains("accepted, as of ")
        .contains("tenant.name ");
    assertThat(folder.resolve("renewed.pem")).isNotEmptyFile();
  }

  @Test
  void launcher_answersItsVersion() throws Exception {
    assertThat(run(ROOT.resolve("tools/bin/tapeseal").toString(), "--version"))
        .contains("tapeseal ")
        .doesNotContain("$");
  }

  private String run(String... command) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
    while (block.find()) {
      if (Objects.equals(block.group(1), language)) {
        blocks.add(block.group(2));
      }
    }
    return blocks;
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
