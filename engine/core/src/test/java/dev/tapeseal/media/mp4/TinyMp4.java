package dev.tapeseal.media.mp4;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * MP4 files of a few hundred bytes, box by box: one video track of five samples in two chunks, with
 * composition offsets, sync samples and an edit.
 */
public final class TinyMp4 {

  static final int SAMPLES = 5;
  static final int SAMPLE_BYTES = 40;
  private static final int MDAT_HEADER_BYTES = 8;

  private TinyMp4() {}

  /** With {@code moov} first, and 32-bit tables of version 0. */
  public static byte[] ofVideo() {
    byte[] ftyp = box("ftyp", ascii("isom"), u32(512), ascii("isomavc1"));
    int mdatOffset = ftyp.length + moov(stco(0, 0)).length;
    byte[] moov = moov(
        stco(mdatOffset + MDAT_HEADER_BYTES, mdatOffset + MDAT_HEADER_BYTES + 3 * SAMPLE_BYTES));
    return join(ftyp, moov, mdat());
  }

  static byte[] mdat() {
    byte[] samples = new byte[SAMPLES * SAMPLE_BYTES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) i;
    }
    return box("mdat", samples);
  }

  static byte[] stco(long... offsets) {
    byte[][] entries = new byte[offsets.length + 2][];
    entries[0] = u32(0);
    entries[1] = u32(offsets.length);
    for (int i = 0; i < offsets.length; i++) {
      entries[i + 2] = u32(offsets[i]);
    }
    return box("stco", entries);
  }

  static byte[] moov(byte[] chunkOffsets) {
    return moov(chunkOffsets, box("elst", u32(0), u32(1), u32(500), u32(100), u32(0x10000)));
  }

  static byte[] moov(byte[] chunkOffsets, byte[] elst) {
    byte[] mvhd = box("mvhd", u32(0), u32(0), u32(0), u32(1000), u32(500), new byte[80]);
    byte[] tkhd = box("tkhd", u32(7), u32(0), u32(0), u32(1), u32(0), u32(500), new byte[60]);
    byte[] mdhd = box("mdhd", u32(0), u32(0), u32(0), u32(1000), u32(500), u32(0x55C40000));
    byte[] hdlr = box("hdlr", u32(0), u32(0), ascii("vide"), new byte[13]);
    byte[] dref = box("dref", u32(0), u32(1), box("url ", u32(1)));
    byte[] stsd = box("stsd", u32(0), u32(1), box("avc1", new byte[78]));
    byte[] stts = box("stts", u32(0), u32(1), u32(SAMPLES), u32(100));
    byte[] ctts = box("ctts", u32(0), u32(3), u32(1), u32(100), u32(3), u32(200), u32(1), u32(0));
    byte[] stss = box("stss", u32(0), u32(2), u32(1), u32(4));
    byte[] stsc = box("stsc", u32(0), u32(2), u32(1), u32(3), u32(1), u32(2), u32(2), u32(1));
    byte[] stsz =
        box("stsz", u32(0), u32(0), u32(SAMPLES), u32(40), u32(40), u32(40), u32(40), u32(40));
    byte[] stbl = box("stbl", stsd, stts, ctts, stss, stsc, stsz, chunkOffsets);
    byte[] minf = box("minf", box("vmhd", u32(1), new byte[8]), box("dinf", dref), stbl);
    byte[] trak = box("trak", tkhd, box("edts", elst), box("mdia", mdhd, hdlr, minf));
    return box("moov", mvhd, trak);
  }

  static byte[] box(String type, byte[]... content) {
    byte[] all = join(content);
    return join(u32(all.length + 8L), ascii(type), all);
  }

  static byte[] largeBox(String type, byte[]... content) {
    byte[] all = join(content);
    return join(u32(1), ascii(type), u64(all.length + 16L), all);
  }

  static byte[] u32(long value) {
    return ByteBuffer.allocate(4).putInt((int) value).array();
  }

  static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part, 0, part.length);
    }
    return all.toByteArray();
  }
}
