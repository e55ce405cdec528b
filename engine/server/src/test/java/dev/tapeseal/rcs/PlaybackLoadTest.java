package dev.tapeseal.rcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.Tenant;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One large screen recording for many players at a time. 64 MiB; {@code -Dtapeseal.long=true} takes 2 GiB, and judges
 * times, which mean something on a quiet machine alone.
 */
class PlaybackLoadTest {
  private static final boolean LONG = Boolean.getBoolean("tapeseal.long");
  private static final int SLICE_BYTES = 1 << 20;
  private static final int SLICES = LONG ? 2048 : 64;
  private static final long LENGTH = (long) SLICES * SLICE_BYTES;
  private static final int SLOW_PLAYERS = 200;
  private static final int FAST_PLAYERS = 50;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** What the server holds of one answer, the kernel's buffers apart. */
  private static final long BUFFER_BYTES = 256 * 1024;

  @TempDir
  private Path folder;

  private RunningRcs rcs;
  private String path;

  @BeforeEach
  void start() throws Exception {
    rcs = RunningRcs.in(folder);
    rcs.importKey("first", SampleCertificates.FIRST);
    Recording recording = record();
    path = "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId() + "/screen-recordings/"
        + recording.id() + "/play/" + recording.mediaFiles().get(0).mediaId();
  }

  @AfterEach
  void stop() throws Exception {
    rcs.close();
  }

  private Recording record() throws Exception {
    List<RecordingCertificate> certificates =
        List.of(RecordingCertificate.read(SampleCertificates.FIRST.certificatePath()));
    try (ScreenSession screen = Recorder.into(rcs.store)
        .startScreen(Interaction.anonymous(new SecureRandom()), certificates)) {
      for (int slice = 0; slice < SLICES; slice++) {
        screen.write(ByteBuffer.wrap(slice(slice)));
      }
      return screen.stop(Duration.ofHours(1));
    }
  }

  /** Zeros, but for the slice's number at its beginning and at its end. */
  private static byte[] slice(int number) {
    return ByteBuffer.allocate(SLICE_BYTES)
        .putInt(0, number)
        .putInt(SLICE_BYTES - Integer.BYTES, number)
        .array();
  }

  /** A player that reads as fast as it is told to. */
  private final class Player implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;

    Player(int receiveBufferBytes) throws IOException {
      socket.setReceiveBufferSize(receiveBufferBytes);
      socket.setSoTimeout(60_000);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), rcs.server().port()));
      in = socket.getInputStream();
    }

    void ask(long first, long last) throws IOException {
      String basic =
          Base64.getEncoder().encodeToString("player:secret".getBytes(StandardCharsets.US_ASCII));
      socket
          .getOutputStream()
          .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + basic
                  + "\r\nRange: bytes=" + first + "-" + last + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }

    /** The head, and the nanoseconds until its first byte came. */
    long head() throws IOException {
      long start = System.nanoTime();
      StringBuilder head = new StringBuilder().append((char) in.read());
      long nanos = System.nanoTime() - start;
      while (!head.toString().endsWith("\r\n\r\n")) {
        int octet = in.read();
        assertThat(octet).as("the head ends: " + head).isNotNegative();
        head.append((char) octet);
      }
      assertThat(head.toString()).startsWith("HTTP/1.1 206");
      return nanos;
    }

    byte[] body(int bytes) throws IOException {
      return in.readNBytes(bytes);
    }

    void vanish() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** The nanoseconds to the first byte of a range, which must be what was recorded. */
  private long firstByteNanos(Player player, int slice) throws IOException {
    long first = (long) slice * SLICE_BYTES;
    player.ask(first, first + 99_999);
    long nanos = player.head();
    assertThat(player.body(100_000)).isEqualTo(Arrays.copyOf(slice(slice), 100_000));
    return nanos;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static long percentile99(List<Long> values) {
    return values.stream().sorted().toList().get((int) Math.ceil(values.size() * 0.99) - 1);
  }

  @Test
  void rangeAtTheEnd_beginsAsSoonAsOneAtTheBeginning() throws Exception {
    List<Long> beginning = new ArrayList<>();
    List<Long> end = new ArrayList<>();
    try (Player player = new Player(1 << 20)) {
      for (int i = 0; i < 60; i++) {
        long first = firstByteNanos(player, i % 8);
        long last = firstByteNanos(player, SLICES - 1 - i % 8);
        if (i >= 20) { // the compiler is done
          beginning.add(first);
          end.add(last);
        }
      }
    }

    System.out.printf(
        "first byte of %d MiB: %.2f ms at the beginning, %.2f ms at the end%n",
        SLICES, median(beginning) / 1e6, median(end) / 1e6);
    long slack = LONG ? 0 : Duration.ofMillis(100).toNanos();
    assertThat(median(end)).isLessThanOrEqualTo(2 * median(beginning) + slack);
  }

  @Test
  void playing_writesNothing_butTheAuditLog() throws Exception {
    try (WatchService watch = folder.getFileSystem().newWatchService();
        Player player = new Player(1 << 20);
        Stream<Path> all = Files.walk(folder)) {
      for (Path directory : all.filter(Files::isDirectory).toList()) {
        directory.register(
            watch,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
      }
      long writtenBefore = writtenBytes();

      player.ask(0, LENGTH - 1);
      player.head();
      for (int slice = 0; slice < SLICES; slice++) {
        assertThat(player.body(SLICE_BYTES)).isEqualTo(slice(slice));
      }

      Set<String> changed = new TreeSet<>();
      Thread.sleep(200); // the file system tells in a moment
      for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
        for (WatchEvent<?> event : key.pollEvents()) {
          changed.add(event.kind() + " " + event.context());
        }
      }
      assertThat(changed).containsExactly("ENTRY_MODIFY audit.log");
      assertThat(writtenBytes() - writtenBefore)
          .as("bytes that this process wrote to any disk")
          .isLessThan(LENGTH / 16);
    }
  }

  /** Of this process, to disks alone; 0 where the system does not tell. */
  private static long writtenBytes() throws IOException {
    Path counts = Path.of("/proc/self/io");
    if (!Files.isReadable(counts)) {
      return 0;
    }
    return Files.readAllLines(counts).stream()
        .filter(line -> line.startsWith("write_bytes: "))
        .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
        .findFirst()
        .orElse(0);
  }

  @Test
  void manySlowPlayers_holdOnlyTheirBuffers_andLeaveNoFileOpen() throws Exception {
    assumeThat(DESCRIPTORS).as("only Linux tells which files are open").isDirectory();
    List<Player> slow = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(FAST_PLAYERS + 1);
    try {
      playFast(threads, 2); // the compiler, and all that is made once
      List<Long> alone = playFast(threads, LONG ? 40 : 2);
      long openBefore = openMedia();
      long heapBefore = usedHeap();
      long directBefore = direct();
      for (int i = 0; i < SLOW_PLAYERS; i++) {
        Player player = new Player(4096);
        slow.add(player);
        player.ask((long) (i % 8) * SLICE_BYTES, LENGTH - 1);
        player.head();
      }
      Future<?> reading = threads.submit((Callable<?>) () -> readSlowly(slow));
      List<Long> beside = playFast(threads, LONG ? 40 : 2);
      long heapEarly = usedHeap();
      reading.get();
      long heapLate = usedHeap();

      System.out.printf(
          "%d slow players: heap %+d KiB, later %+d KiB, direct memory %+d KiB; p99 of %d fast ones"
              + " %.1f ms, alone %.1f ms%n",
          SLOW_PLAYERS,
          (heapEarly - heapBefore) / 1024,
          (heapLate - heapEarly) / 1024,
          (direct() - directBefore) / 1024,
          FAST_PLAYERS,
          percentile99(beside) / 1e6,
          percentile99(alone) / 1e6);
      assertThat(openMedia() - openBefore).isGreaterThanOrEqualTo(SLOW_PLAYERS);
      assertThat(heapEarly - heapBefore).isLessThan(SLOW_PLAYERS * 2 * BUFFER_BYTES);
      assertThat(heapLate - heapEarly).as("growth while they read").isLessThan(16L << 20);
      assertThat(direct() - directBefore).isLessThan(SLOW_PLAYERS * BUFFER_BYTES);
      if (LONG) {
        assertThat(percentile99(beside)).isLessThanOrEqualTo(2 * percentile99(alone));
      }
      for (Player player : slow) {
        player.vanish();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(openMedia()).isEqualTo(openBefore));
    } finally {
      threads.shutdownNow();
      for (Player player : slow) {
        player.close();
      }
    }
  }

  /** Each reads a kilobyte a second. */
  private static boolean readSlowly(List<Player> players) throws Exception {
    int seconds = LONG ? 60 : 3;
    for (int second = 0; second < seconds; second++) {
      long start = System.nanoTime();
      for (Player player : players) {
        assertThat(player.body(1000)).hasSize(1000);
      }
      long left = 1000 - (System.nanoTime() - start) / 1_000_000;
      Thread.sleep(Math.max(0, left));
    }
    return true;
  }

  /** Fast players, each with so many ranges of a slice: the nanoseconds that each range took. */
  private List<Long> playFast(ExecutorService threads, int ranges) throws Exception {
    List<Future<List<Long>>> players = new ArrayList<>();
    for (int i = 0; i < FAST_PLAYERS; i++) {
      int number = i;
      players.add(threads.submit(() -> playFast(number, ranges)));
    }
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> player : players) {
      all.addAll(player.get());
    }
    return all;
  }

  private List<Long> playFast(int number, int ranges) throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (Player player = new Player(1 << 20)) {
      for (int i = 0; i < ranges; i++) {
        int slice = (number * 7 + i) % SLICES;
        long start = System.nanoTime();
        player.ask((long) slice * SLICE_BYTES, (slice + 1L) * SLICE_BYTES - 1);
        player.head();
        byte[] body = player.body(SLICE_BYTES);
        nanos.add(System.nanoTime() - start);
        assertThat(Arrays.equals(body, slice(slice))).isTrue();
      }
    }
    return nanos;
  }

  private static long usedHeap() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /** How many files of the store this process has open. */
  private long openMedia() throws IOException {
    long open = 0;
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      for (Path descriptor : all.toList()) {
        if (isMedia(descriptor)) {
          open++;
        }
      }
    }
    return open;
  }

  private boolean isMedia(Path descriptor) {
    try {
      Path target = Files.readSymbolicLink(descriptor);
      return target.startsWith(folder.toRealPath().resolve("recordings"))
          && target.getFileName().toString().contains(".mp4");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
