package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A finished MP4 file: its boxes, and its tracks with their sample tables.
 *
 * @param boxes all boxes at the top level, in file order; they fill the file without a gap
 * @param sizeBytes the file's size
 * @param timescale the movie's units in a second
 * @param durationVu how long the movie is, in those units, as the file claims; -1 where it says "unknown"
 * @param tracks at least one
 */
public record Mp4File(
    List<Box> boxes, long sizeBytes, long timescale, long durationVu, List<Track> tracks) {

  private static final int MAX_TRACKS = 100;

  /** Copies the lists. */
  public Mp4File {
    boxes = List.copyOf(boxes);
    tracks = List.copyOf(tracks);
  }

  /**
   * Reads a file's structure and checks that all of its samples lie in it; the samples themselves are not read.
   *
   * @param channel read from position 0 to its size, and left open
   * @throws MediaException.Malformed where the structure is damaged, cut short, or overruns a bound
   * @throws MediaException.Unsupported where the file is fragmented, or has its samples elsewhere
   */
  public static Mp4File read(SeekableByteChannel channel) throws IOException {
    BoxReader reader = new BoxReader(channel);
    List<Box> boxes = reader.topLevel();
    requireUnfragmented(boxes);
    Box moov = only(boxes, channel.size());
    BoxFields mvhd = moov.require("mvhd").fields();
    int version = mvhd.version();
    long timescale = mvhd.skip(version == 0 ? 8 : 16).u32();
    if (timescale == 0) {
      throw mvhd.malformed("a timescale of 0 (expected: > 0)");
    }
    long durationVu = Track.unknownAsMinusOne(mvhd.u32OrU64(version), version);
    List<Track> tracks = new ArrayList<>();
    for (Box child : moov.children()) {
      if (child.type().equals("trak")) {
        if (tracks.size() == MAX_TRACKS) {
          throw new MediaException.Malformed(child.offset(), "one track more than " + MAX_TRACKS);
        }
        tracks.add(Track.of(child, timescale));
      }
    }
    if (tracks.isEmpty()) {
      throw new MediaException.Malformed(
          moov.offset(), "a 'moov' box without 'trak' (expected: at least one)");
    }
    for (Track track : tracks) {
      track.check(channel.size());
    }
    return new Mp4File(boxes, channel.size(), timescale, durationVu, tracks);
  }

  /** The movie box. */
  Box moov() {
    for (Box box : boxes) {
      if (box.type().equals("moov")) {
        return box;
      }
    }
    throw new IllegalStateException("a file without 'moov' was refused");
  }

  /** The first video track. */
  public Optional<Track> video() {
    return tracks.stream().filter(Track::isVideo).findFirst();
  }

  private static void requireUnfragmented(List<Box> boxes) throws MediaException {
    for (Box box : boxes) {
      Optional<Box> mark = box.type().equals("moof") ? Optional.of(box) : box.child("mvex");
      if (mark.isPresent()) {
        throw new MediaException.Unsupported(
            mark.get().offset(),
            "fragmented MP4, '" + mark.get().type()
                + "' (expected: a finished file with sample tables in 'moov')");
      }
    }
  }

  private static Box only(List<Box> boxes, long sizeBytes) throws MediaException {
    Box moov = null;
    for (Box box : boxes) {
      if (box.type().equals("moov")) {
        if (moov != null) {
          throw new MediaException.Malformed(box.offset(), "a second 'moov' box (expected: one)");
        }
        moov = box;
      }
    }
    if (moov == null) {
      throw new MediaException.Malformed(
          sizeBytes,
          "no 'moov' box (expected: one; the file is cut short, or still being written)");
    }
    return moov;
  }
}
