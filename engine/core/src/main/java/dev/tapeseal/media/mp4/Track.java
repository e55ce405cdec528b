package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One track ({@code trak}).
 *
 * @param box the whole of it, for what is not named here
 * @param id its number, not 0
 * @param handlerType {@code vide}, {@code soun}, or another
 * @param timescale its units in a second
 * @param durationVu in those units, as the file claims; -1 where it says "unknown"
 * @param sampleEntryTypes what codes its samples, for example {@code avc1}, {@code mp4a}; {@code encv} and {@code
 *     enca} where they are encrypted
 * @param edits its edit list; empty where it has none
 * @param startUs when its media time 0 is shown, by the edits: may be negative
 * @param samples its sample table
 */
public record Track(
    Box box,
    long id,
    String handlerType,
    long timescale,
    long durationVu,
    List<String> sampleEntryTypes,
    List<Edit> edits,
    long startUs,
    SampleTable samples) {

  private static final int MICROS = 1_000_000;
  static final long MAX_SECONDS =
      1_000_000_000; // 31 years: times in microseconds stay far below 63 bits
  private static final int SELF_CONTAINED = 1;

  /** Copies the lists. */
  public Track {
    sampleEntryTypes = List.copyOf(sampleEntryTypes);
    edits = List.copyOf(edits);
  }

  static Track of(Box trak, long movieTimescale) throws MediaException {
    Box mdia = trak.require("mdia");
    BoxFields tkhd = trak.require("tkhd").fields();
    long id = tkhd.skip(tkhd.version() == 0 ? 8 : 16).u32();
    BoxFields mdhd = mdia.require("mdhd").fields();
    int version = mdhd.version();
    long timescale = mdhd.skip(version == 0 ? 8 : 16).u32();
    if (timescale == 0) {
      throw mdhd.malformed("a timescale of 0 (expected: > 0)");
    }
    long durationVu = unknownAsMinusOne(mdhd.u32OrU64(version), version);
    String handlerType = mdia.require("hdlr").fields().skip(8).type();
    Box minf = mdia.require("minf");
    requireSelfContained(minf);
    Box stbl = minf.require("stbl");
    List<Edit> edits = edits(trak);
    return new Track(
        trak,
        id,
        handlerType,
        timescale,
        durationVu,
        sampleEntryTypes(stbl.require("stsd")),
        edits,
        startUs(trak, edits, movieTimescale, timescale),
        SampleTable.of(stbl));
  }

  /** Whether it is video. */
  public boolean isVideo() {
    return handlerType.equals("vide");
  }

  /** Whether it is audio. */
  public boolean isAudio() {
    return handlerType.equals("soun");
  }

  /**
   * When a sample is shown, in microseconds from the start of the movie, by its composition time
   * and the leading edits; not negative. Of several edits the first that is not empty counts.
   */
  public long presentationTimeUs(SampleCursor sample) {
    return Math.max(
        0, startUs + us(sample.decodingTimeVu() + sample.compositionOffsetVu(), timescale));
  }

  /** How long a sample lasts. */
  public long durationUs(SampleCursor sample) {
    return us(sample.durationVu(), timescale);
  }

  /**
   * Refuses samples outside the file, tables that contradict each other, and times beyond all
   * reason. Samples that are more bytes than the file has are refused, too: a small table could say
   * that there are billions.
   */
  void check(long fileBytes) throws MediaException {
    SampleCursor sample = samples.cursor();
    long leftBytes = fileBytes;
    while (sample.next()) {
      leftBytes -= sample.sizeBytes();
      if (leftBytes < 0) {
        throw new MediaException.Malformed(
            samples.offset, "'stbl' box: samples of more bytes than the file's " + fileBytes);
      }
      if (sample.offset() > fileBytes - sample.sizeBytes()) {
        throw new MediaException.Malformed(
            samples.offset,
            "'stbl' box: sample " + sample.sample() + " of "
                + sample.sizeBytes() + " bytes at " + sample.offset()
                + " (expected: within the file's " + fileBytes
                + " bytes)");
      }
      if ((sample.decodingTimeVu() + sample.durationVu()) / timescale > MAX_SECONDS) {
        throw new MediaException.Malformed(
            samples.offset,
            "'stbl' box: sample " + sample.sample() + " is later than " + MAX_SECONDS + " s");
      }
    }
  }

  static long us(long vu, long timescale) {
    return vu / timescale * MICROS + vu % timescale * MICROS / timescale;
  }

  static long unknownAsMinusOne(long duration, int version) {
    return version == 0 && duration == 0xFFFF_FFFFL ? -1 : duration;
  }

  private static List<Edit> edits(Box trak) throws MediaException {
    Optional<Box> elst = trak.child("edts").flatMap(edts -> edts.child("elst"));
    if (elst.isEmpty()) {
      return List.of();
    }
    BoxFields fields = elst.get().fields();
    int version = fields.version();
    long count = fields.u32();
    int entryBytes = version == 0 ? 12 : 20;
    if (count > fields.remaining() / entryBytes) {
      throw fields.malformed(
          count + " entries of " + entryBytes + " bytes in " + fields.remaining() + " bytes");
    }
    List<Edit> edits = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      edits.add(
          version == 0
              ? new Edit(fields.u32(), fields.i32(), fields.i32())
              : new Edit(fields.u32OrU64(version), fields.i64(), fields.i32()));
    }
    return edits;
  }

  private static long startUs(Box trak, List<Edit> edits, long movieTimescale, long timescale)
      throws MediaException {
    long startUs = 0;
    for (Edit edit : edits) {
      long seconds = edit.isEmpty()
          ? edit.segmentDurationVu() / movieTimescale
          : edit.mediaTimeVu() / timescale;
      if (seconds < 0
          || seconds > MAX_SECONDS
          || startUs > MAX_SECONDS * MICROS
          || edit.mediaTimeVu() < Edit.EMPTY) {
        throw new MediaException.Malformed(
            trak.offset(),
            "'elst' box: " + edit + " (expected: times from 0 to " + MAX_SECONDS + " s)");
      }
      if (!edit.isEmpty()) {
        return startUs - us(edit.mediaTimeVu(), timescale);
      }
      startUs += us(edit.segmentDurationVu(), movieTimescale);
    }
    return startUs;
  }

  private static List<String> sampleEntryTypes(Box stsd) throws MediaException {
    BoxFields fields = stsd.fields().skip(4);
    long count = fields.u32();
    List<String> types = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long size = fields.u32();
      String type = fields.type();
      if (size < 16 || size - 8 > fields.remaining()) {
        throw fields.malformed(
            "an entry of " + size + " bytes with " + fields.remaining() + " left");
      }
      fields.skip((int) size - 8);
      types.add(type);
    }
    if (types.isEmpty()) {
      throw fields.malformed("no entry (expected: at least one)");
    }
    return types;
  }

  private static void requireSelfContained(Box minf) throws MediaException {
    Optional<Box> dref = minf.child("dinf").flatMap(dinf -> dinf.child("dref"));
    if (dref.isEmpty()) {
      return;
    }
    BoxFields fields = dref.get().fields().skip(4);
    long count = fields.u32();
    for (long i = 0; i < count; i++) {
      long size = fields.u32();
      String type = fields.type();
      int flags = fields.i32() & 0xFF_FFFF;
      if (size < 12 || size - 12 > fields.remaining()) {
        throw fields.malformed(
            "an entry of " + size + " bytes with " + fields.remaining() + " left");
      }
      if ((flags & SELF_CONTAINED) == 0) {
        throw new MediaException.Unsupported(
            dref.get().offset(),
            "samples in another file, '" + type + "' (expected: all in this one)");
      }
      fields.skip((int) size - 12);
    }
  }
}
