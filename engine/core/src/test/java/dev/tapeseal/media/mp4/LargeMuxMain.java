package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.TinyMp4.ascii;
import static dev.tapeseal.media.mp4.TinyMp4.box;
import static dev.tapeseal.media.mp4.TinyMp4.join;
import static dev.tapeseal.media.mp4.TinyMp4.u32;
import static dev.tapeseal.media.mp4.TinyMp4.u64;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingCopy;
import dev.tapeseal.envelope.RecordingDestination;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.mux.FoundRecording;
import dev.tapeseal.mux.Muxer;
import dev.tapeseal.mux.RecordingPair;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/**
 * Encrypts a screen and a call of any length into a folder, muxes them, and checks every byte of what comes out, in a
 * process of its own, so that its memory can be limited: {@code SCREEN_BYTES SECONDS FOLDER}. No plaintext lies on the
 * disk, or in memory as a whole.
 */
final class LargeMuxMain {
  private static final int PICTURES_A_SECOND = 30;
  private static final byte[] CALL = Samples.bytes("media/call.mp3"); // whole frames, no tag

  private LargeMuxMain() {}

  public static void main(String[] arguments) throws Exception {
    int pictures = Integer.parseInt(arguments[1]) * PICTURES_A_SECOND;
    int pictureBytes = (int) (Long.parseLong(arguments[0]) / pictures);
    Path folder = Path.of(arguments[2]);
    List<RecordingCertificate> certificates =
        List.of(RecordingCertificate.read(FIRST.certificatePath()));
    long mediaBytes = offset(pictures, pictureBytes);

    Path screen = folder.resolve("screen");
    Path call = folder.resolve("call");
    encrypt(screen(pictures, pictureBytes, mediaBytes), certificates, screen);
    encrypt(call(pictures / PICTURES_A_SECOND), certificates, call);
    Path out = folder.resolve("muxed");
    try (BareKeys keys = BareKeys.read(List.of(FIRST.keyPath()), List.of(), null)) {
      mux(call, screen, keys, certificates, out);
      check(out, keys, pictures, pictureBytes);
    }
    System.out.println("muxed");
  }

  private static void mux(
      Path call, Path screen, KeyUnwrapper keys, List<RecordingCertificate> certificates, Path out)
      throws Exception {
    RecordingPair pair = RecordingPair.of(
        FoundRecording.of("call", RecordingSource.ofFile(call)),
        FoundRecording.of("screen", RecordingSource.ofFile(screen)));
    if (!(pair instanceof RecordingPair.EncryptedPair encrypted)) {
      throw new IOException("a clear pair (expected: an encrypted one)");
    }
    long start = System.nanoTime();
    Muxer.Muxed muxed = Muxer.of(WavCoding.FLAC)
        .mux(
            encrypted,
            Duration.ofMillis(700),
            Muxer.Decryption.by(keys, RecordingExpectation.none()),
            Muxer.Decryption.by(keys, RecordingExpectation.none()),
            new Muxer.Encryption(RecordingFormat.PKCS7, certificates, RecordingContext.UNKNOWN),
            files(out),
            done -> {});
    System.out.println(muxed.plaintextBytes() + " bytes in "
        + (System.nanoTime() - start) / 1_000_000 + " ms, " + muxed.duration());
  }

  /** Every picture is there, in its place, at its time. */
  private static void check(Path out, KeyUnwrapper keys, int pictures, int pictureBytes)
      throws IOException {
    try (RecordingReader reader =
        RecordingReader.open(RecordingSource.ofFile(out), keys, RecordingExpectation.none())) {
      Track video = Mp4File.read(reader).video().orElseThrow();
      require(video.samples().sampleCount(), pictures);
      SampleCursor sample = video.samples().cursor();
      ByteBuffer bytes = ByteBuffer.allocate(pictureBytes + 2);
      while (sample.next()) {
        require(sample.sizeBytes(), pictureBytes(sample.sample(), pictureBytes));
        require(sample.decodingTimeVu(), sample.sample());
        reader.position(sample.offset());
        bytes.clear().limit(sample.sizeBytes());
        while (bytes.hasRemaining()) {
          reader.read(bytes);
        }
        for (int i = 0; i < sample.sizeBytes(); i++) {
          require(bytes.get(i), content(offset(sample.sample(), pictureBytes) + i));
        }
      }
    }
  }

  private static void require(long found, long expected) throws IOException {
    if (found != expected) {
      throw new IOException("found " + found + " (expected: " + expected + ")");
    }
  }

  private static void encrypt(
      ReadableByteChannel content, List<RecordingCertificate> certificates, Path target)
      throws IOException {
    SecureRandom random = new SecureRandom();
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        WrappedSessionKey.generate(RecordingFormat.PKCS7, certificates, random),
        files(target),
        RecordingOptions.live().withMac(RecordingContext.UNKNOWN),
        random)) {
      RecordingCopy.encrypt(content, writer, done -> {});
    }
  }

  private static RecordingDestination files(Path media) {
    return part -> FileChannel.open(part.beside(media), CREATE_NEW, READ, WRITE);
  }

  // --- a screen of pictures that are no pictures, each of another length than its neighbours ---

  private static int pictureBytes(int picture, int pictureBytes) {
    return pictureBytes + picture % 3;
  }

  /** Where a picture begins, counted from the first. */
  private static long offset(int picture, int pictureBytes) {
    return (long) picture * pictureBytes + picture / 3 * 3L + new int[] {0, 0, 1}[picture % 3];
  }

  private static byte content(long offset) {
    return (byte) (((offset >>> 3) * 0x9E3779B97F4A7C15L) >>> ((offset & 7) * Byte.SIZE));
  }

  private static ReadableByteChannel screen(int pictures, int pictureBytes, long mediaBytes) {
    byte[] head =
        join(box("ftyp", ascii("isom"), u32(0)), u32(1), ascii("mdat"), u64(mediaBytes + 16));
    ByteBuffer sizes = ByteBuffer.allocate(pictures * Integer.BYTES);
    ByteBuffer chunks = ByteBuffer.allocate(pictures / PICTURES_A_SECOND * Long.BYTES);
    for (int picture = 0; picture < pictures; picture++) {
      sizes.putInt(pictureBytes(picture, pictureBytes));
      if (picture % PICTURES_A_SECOND == 0) {
        chunks.putLong(head.length + offset(picture, pictureBytes));
      }
    }
    int count = pictures / PICTURES_A_SECOND;
    byte[] stbl = box(
        "stbl",
        box("stsd", u32(0), u32(1), box("avc1", new byte[78])),
        box("stts", u32(0), u32(1), u32(pictures), u32(1)),
        box("stsc", u32(0), u32(1), u32(1), u32(PICTURES_A_SECOND), u32(1)),
        box("stsz", u32(0), u32(0), u32(pictures), sizes.array()),
        box("co64", u32(0), u32(count), chunks.array()));
    byte[] moov = box(
        "moov",
        box("mvhd", u32(0), u32(0), u32(0), u32(PICTURES_A_SECOND), u32(pictures), new byte[80]),
        box(
            "trak",
            box("tkhd", u32(7), u32(0), u32(0), u32(1), u32(0), u32(pictures), new byte[60]),
            box(
                "mdia",
                box("mdhd", u32(0), u32(0), u32(0), u32(PICTURES_A_SECOND), u32(pictures), u32(0)),
                box("hdlr", u32(0), u32(0), ascii("vide"), new byte[13]),
                box("minf", stbl))));
    long moovOffset = head.length + mediaBytes;
    return new Made(
        moovOffset + moov.length,
        at -> at < head.length
            ? head[(int) at]
            : at < moovOffset ? content(at - head.length) : moov[(int) (at - moovOffset)]);
  }

  private static ReadableByteChannel call(int seconds) {
    return new Made((long) CALL.length * (seconds / 30), at -> CALL[(int) (at % CALL.length)]);
  }

  /** A byte for every position. */
  private interface Content {
    byte at(long position);
  }

  /** So many bytes, made while they are read. */
  private static final class Made implements ReadableByteChannel {
    private final long size;
    private final Content content;
    private long position;

    Made(long size, Content content) {
      this.size = size;
      this.content = content;
    }

    @Override
    public int read(ByteBuffer target) {
      if (position == size) {
        return -1;
      }
      int count = (int) Math.min(target.remaining(), size - position);
      for (int i = 0; i < count; i++) {
        target.put(content.at(position++));
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
