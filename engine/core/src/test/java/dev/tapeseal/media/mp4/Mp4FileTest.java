package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.TinyMp4.ascii;
import static dev.tapeseal.media.mp4.TinyMp4.box;
import static dev.tapeseal.media.mp4.TinyMp4.join;
import static dev.tapeseal.media.mp4.TinyMp4.largeBox;
import static dev.tapeseal.media.mp4.TinyMp4.u32;
import static dev.tapeseal.media.mp4.TinyMp4.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.channels.ByteArraySeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Mp4FileTest {

  private static final int MDAT_HEADER_BYTES = 8;

  @Test
  void everySample_hasItsPlaceAndItsTimes() throws Exception {
    Mp4File file = read(TinyMp4.ofVideo());
    Track track = file.video().orElseThrow();

    assertThat(track.id()).isEqualTo(1);
    assertThat(track.timescale()).isEqualTo(1000);
    assertThat(track.durationVu()).isEqualTo(500);
    assertThat(track.sampleEntryTypes()).containsExactly("avc1");
    assertThat(track.edits()).containsExactly(new Edit(500, 100, 0x10000));
    assertThat(track.samples().sampleCount()).isEqualTo(5);
    assertThat(track.samples().chunkCount()).isEqualTo(2);
    long mdat = file.boxes().get(2).offset() + MDAT_HEADER_BYTES;
    assertThat(samples(track))
        .containsExactly(
            "0 chunk 0 at " + mdat + " sync decoded 0 shown 0 us",
            "1 chunk 0 at " + (mdat + 40) + " decoded 100 shown 200000 us",
            "2 chunk 0 at " + (mdat + 80) + " decoded 200 shown 300000 us",
            "3 chunk 1 at " + (mdat + 120) + " sync decoded 300 shown 400000 us",
            "4 chunk 1 at " + (mdat + 160) + " decoded 400 shown 300000 us");
  }

  @Test
  void largeSizes_co64_andVersion1_areReadAlike() throws Exception {
    byte[] mdat = largeBox("mdat", new byte[200]);
    byte[] elst = box(
        "elst",
        u32(1 << 24),
        u32(2),
        u64(250),
        u64(-1),
        u32(0x10000),
        u64(500),
        u64(100),
        u32(0x10000));
    byte[] co64 = box("co64", u32(0), u32(2), u64(16), u64(136));
    Mp4File file = read(join(mdat, TinyMp4.moov(co64, elst)));

    Track track = file.tracks().get(0);
    assertThat(track.edits())
        .containsExactly(new Edit(250, -1, 0x10000), new Edit(500, 100, 0x10000));
    assertThat(track.startUs()).isEqualTo(150_000);
    assertThat(samples(track).get(0)).isEqualTo("0 chunk 0 at 16 sync decoded 0 shown 250000 us");
  }

  @Test
  void aLastBoxOfSizeZero_goesToTheEnd() throws Exception {
    byte[] moov = TinyMp4.moov(TinyMp4.stco(0, 0));
    byte[] file = join(
        TinyMp4.moov(TinyMp4.stco(moov.length + 8L, moov.length + 128L)),
        u32(0),
        ascii("mdat"),
        new byte[200]);

    List<Box> boxes = read(file).boxes();
    assertThat(boxes.get(1).sizeBytes()).isEqualTo(208);
    assertThat(boxes.get(1).endOffset()).isEqualTo(file.length);
  }

  @Test
  void nesting_isBounded() throws Exception {
    assertThatThrownBy(() -> read(nested(16)))
        .hasMessageContaining("without 'mvhd'"); // read, and then missing
    assertThatThrownBy(() -> read(nested(17)))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage("offset 128: boxes nested 17 deep (expected: <= 16)");
  }

  @Test
  void aSizeThatOverrunsItsParent_isRefused() {
    byte[] trak = box("trak", new byte[8]);
    trak[3] = 17;

    assertThatThrownBy(() -> read(join(box("moov", trak), new byte[8])))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage(
            "offset 8: 'trak' box of 17 bytes (expected: 8 to 16, the rest of its parent 'moov')");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 15, 0, Long.MAX_VALUE})
  void aLargeSizeThatCannotBe_isRefused(long size) {
    assertThatThrownBy(() -> read(join(u32(1), ascii("mdat"), u64(size), new byte[100])))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage("offset 0: 'mdat' box of " + Long.toUnsignedString(size)
            + " bytes (expected: 16 to 116, the rest of the file)");
  }

  @Test
  void aMoovBeyondTheBound_isRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> Mp4File.read(new HugeMoov((64L << 20) + 1)))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessage("offset 0: a 'moov' box of 67108865 bytes (expected: <= 67108864)");
  }

  @Test
  void tooManyBoxes_areRefused() {
    byte[][] boxes = new byte[100_001][];
    Arrays.fill(boxes, box("free"));

    assertThatThrownBy(() -> read(join(boxes)))
        .hasMessage("offset 800000: one box more than 100000");
    assertThatThrownBy(() -> read(box("moov", boxes)))
        .hasMessage("offset 800008: one box more than 100000");
  }

  @Test
  void fragmentedFiles_areNamed() {
    byte[] moov = TinyMp4.moov(TinyMp4.stco(8, 128));
    assertThatThrownBy(() ->
            read(join(TinyMp4.mdat(), moov, box("moof", box("mfhd", u32(0), u32(1))))))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining(
            "fragmented MP4, 'moof' (expected: a finished file with sample tables in 'moov')");
    assertThatThrownBy(() -> read(box("moov", box("mvex"))))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("fragmented MP4, 'mvex'");
  }

  @Test
  void aFileWithoutMoov_isCutShortOrStillBeingWritten() {
    assertThatThrownBy(() -> read(join(box("ftyp", ascii("isom"), u32(0)), TinyMp4.mdat())))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage(
            "offset 224: no 'moov' box (expected: one; the file is cut short, or still being written)");
  }

  @Test
  void samplesOutsideTheFile_areRefused() {
    byte[] moov = TinyMp4.moov(TinyMp4.stco(8, 5000));

    assertThatThrownBy(() -> read(join(TinyMp4.mdat(), moov)))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessageContaining("sample 3 of 40 bytes at 5000 (expected: within the file's");
  }

  @Test
  void tablesThatContradictEachOther_areRefused() {
    assertThatThrownBy(() -> read(join(TinyMp4.mdat(), TinyMp4.moov(TinyMp4.stco(8)))))
        .hasMessageContaining(
            "sample 3: it has no chunk (expected: more entries in 'stco' or 'stsc')");
    byte[] tooMany = TinyMp4.stco(8, 128);
    tooMany[15] = 3;
    assertThatThrownBy(() -> read(join(TinyMp4.mdat(), TinyMp4.moov(tooMany))))
        .hasMessageContaining("'stco' box: 3 entries of 4 bytes in 8 bytes");
  }

  @Test
  void compactSizes_andSamplesElsewhere_areNotSupported() {
    byte[] stz2 = join(TinyMp4.stco(8, 128), box("stz2", u32(0), u32(16), u32(0)));
    assertThatThrownBy(() -> read(join(TinyMp4.mdat(), TinyMp4.moov(stz2))))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("compact sample sizes, 'stz2'");
    byte[] file = TinyMp4.ofVideo();
    int url = new String(file, StandardCharsets.ISO_8859_1).indexOf("url ");
    file[url + 7] = 0; // the flag that says "in this file"
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("samples in another file, 'url '");
  }

  private static Mp4File read(byte[] content) throws IOException {
    return Mp4File.read(ByteArraySeekableByteChannel.wrap(content));
  }

  private static byte[] nested(int levels) {
    byte[] box = box("free");
    for (int level = 1; level < levels; level++) {
      box = box("moov", box);
    }
    return box;
  }

  private static List<String> samples(Track track) throws IOException {
    List<String> samples = new ArrayList<>();
    SampleCursor sample = track.samples().cursor();
    while (sample.next()) {
      samples.add(sample.sample() + " chunk " + sample.chunk() + " at " + sample.offset()
          + (sample.isSync() ? " sync" : "") + " decoded " + sample.decodingTimeVu() + " shown "
          + track.presentationTimeUs(sample) + " us");
    }
    return samples;
  }

  /** A file that is one {@code moov} box, whose content must not be asked for. */
  private record HugeMoov(long size) implements SeekableByteChannel {

    @Override
    public int read(ByteBuffer destination) {
      assertThat(destination.remaining()).isEqualTo(16);
      destination.putInt((int) size).put(ascii("moov")).putLong(0);
      return 16;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      assertThat(newPosition).isZero();
      return this;
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
