package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.box;
import static dev.tapeseal.media.mp4.BoxContent.fullBox;
import static dev.tapeseal.media.mp4.BoxContent.join;
import static dev.tapeseal.media.mp4.BoxContent.text;
import static dev.tapeseal.media.mp4.BoxContent.u16;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.u64;
import static dev.tapeseal.media.mp4.BoxContent.zeros;

import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.mp4.ChunkTable.OffsetWidth;
import java.time.Duration;
import java.util.List;

/**
 * The {@code moov} box of a movie of one video and one audio track. The video's sample tables are the source's, byte
 * for byte, but for those that say where chunks are; headers and edit lists are new.
 */
final class MovieBox {
  /** Copied where the source has them: they speak of samples by their number, not by their place. */
  private static final List<String> COPIED_TABLES =
      List.of("stsd", "stts", "ctts", "cslg", "stss", "stsz", "sdtp", "sgpd", "sbgp");

  private static final long[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  private static final int ENABLED_IN_MOVIE = 3;
  private static final int UNDETERMINED_LANGUAGE = 0x55C4;
  private static final int VIDEO_TRACK = 1;
  private static final int AUDIO_TRACK = 2;
  private static final int NORMAL_RATE = 0x10000;
  private static final long MAX_U32 = 0xFFFF_FFFFL;

  private final long timescale;
  private final VideoFeed video;
  private final ChunkTable videoChunks;
  private final List<Edit> videoEdits;
  private final AudioFeed audio;
  private final ChunkTable audioChunks;
  private final List<Edit> audioEdits;

  MovieBox(
      long timescale,
      VideoFeed video,
      ChunkTable videoChunks,
      List<Edit> videoEdits,
      AudioFeed audio,
      ChunkTable audioChunks,
      List<Edit> audioEdits) {
    this.timescale = timescale;
    this.video = video;
    this.videoChunks = videoChunks;
    this.videoEdits = List.copyOf(videoEdits);
    this.audio = audio;
    this.audioChunks = audioChunks;
    this.audioEdits = List.copyOf(audioEdits);
  }

  /** The box, by where the chunks are placed now. */
  BoxContent content(OffsetWidth width) throws MediaException {
    long videoVu = shownVu(videoEdits, video.endVu(), video.track().timescale());
    long audioVu = shownVu(audioEdits, audio.totalSamples(), audio.sampleRateHz());
    return box(
        "moov",
        movieHeader(Math.max(videoVu, audioVu)),
        box("trak", videoTrackHeader(videoVu), edits(videoEdits), videoMedia(width)),
        box("trak", audioTrackHeader(audioVu), edits(audioEdits), audioMedia(width)));
  }

  /** How long the longer track is shown. */
  Duration duration() {
    long shownVu = Math.max(
        shownVu(videoEdits, video.endVu(), video.track().timescale()),
        shownVu(audioEdits, audio.totalSamples(), audio.sampleRateHz()));
    return Duration.ofSeconds(shownVu / timescale, shownVu % timescale * 1_000_000_000 / timescale);
  }

  /** How long a track is shown, in units of the movie's timescale. */
  private long shownVu(List<Edit> edits, long mediaVu, long mediaTimescale) {
    return edits.isEmpty()
        ? Timescales.roundedUp(mediaVu, mediaTimescale, timescale)
        : edits.stream().mapToLong(Edit::segmentDurationVu).sum();
  }

  private BoxContent movieHeader(long durationVu) {
    int version = version(durationVu);
    return fullBox(
        "mvhd",
        version,
        0,
        times(version),
        u32(timescale),
        duration(version, durationVu),
        u32(NORMAL_RATE),
        u16(0x100, 0), // full volume
        zeros(8),
        u32(UNITY_MATRIX),
        zeros(24),
        u32(AUDIO_TRACK + 1));
  }

  private BoxContent videoTrackHeader(long durationVu) throws MediaException {
    BoxFields source = video.track().box().require("tkhd").fields();
    source.skip(source.version() == 0 ? 20 : 32);
    int version = version(durationVu);
    return fullBox(
        "tkhd",
        version,
        ENABLED_IN_MOVIE,
        times(version),
        u32(VIDEO_TRACK, 0),
        duration(version, durationVu),
        BoxContent.of(source.view(60))); // layer, matrix (a phone held upright), width and height
  }

  private static BoxContent audioTrackHeader(long durationVu) {
    int version = version(durationVu);
    return fullBox(
        "tkhd",
        version,
        ENABLED_IN_MOVIE,
        times(version),
        u32(AUDIO_TRACK, 0),
        duration(version, durationVu),
        zeros(12),
        u16(0x100, 0), // full volume
        u32(UNITY_MATRIX),
        zeros(8));
  }

  private static BoxContent edits(List<Edit> edits) {
    if (edits.isEmpty()) {
      return BoxContent.NONE;
    }
    boolean large = edits.stream()
        .anyMatch(
            edit -> edit.segmentDurationVu() > MAX_U32 || edit.mediaTimeVu() > Integer.MAX_VALUE);
    BoxContent[] entries = edits.stream()
        .map(edit -> join(
            large
                ? u64(edit.segmentDurationVu(), edit.mediaTimeVu())
                : u32(edit.segmentDurationVu(), edit.mediaTimeVu()),
            u32(edit.mediaRate())))
        .toArray(BoxContent[]::new);
    return box("edts", fullBox("elst", large ? 1 : 0, 0, u32(edits.size()), join(entries)));
  }

  private BoxContent videoMedia(OffsetWidth width) throws MediaException {
    Box mdia = video.track().box().require("mdia");
    BoxFields mdhd = mdia.require("mdhd").fields();
    int language = mdhd.skip(mdhd.version() == 0 ? 16 : 28).u16();
    Box source = mdia.require("minf").require("stbl");
    BoxContent[] tables = COPIED_TABLES.stream()
        .flatMap(type -> source.children().stream().filter(table -> table.type().equals(type)))
        .map(table -> box(table.type(), BoxContent.of(table.content())))
        .toArray(BoxContent[]::new);
    return media(
        "vide",
        "Screen",
        mediaHeader(video.track().timescale(), video.durationVu(), language),
        fullBox("vmhd", 0, 1, zeros(8)),
        join(join(tables), videoChunks.stsc(), videoChunks.chunkOffsets(width)));
  }

  private BoxContent audioMedia(OffsetWidth width) {
    return media(
        "soun",
        "Call",
        mediaHeader(audio.sampleRateHz(), audio.totalSamples(), UNDETERMINED_LANGUAGE),
        fullBox("smhd", 0, 0, zeros(4)),
        join(
            fullBox("stsd", 0, 0, u32(1), audio.sampleEntry()),
            audio.stts(),
            audio.sizes().stsz(),
            audioChunks.stsc(),
            audioChunks.chunkOffsets(width)));
  }

  private static BoxContent media(
      String handlerType,
      String name,
      BoxContent mediaHeader,
      BoxContent handlerHeader,
      BoxContent tables) {
    return box(
        "mdia",
        mediaHeader,
        fullBox("hdlr", 0, 0, u32(0), text(handlerType), zeros(12), text(name + "\0")),
        box(
            "minf",
            handlerHeader,
            box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1))), // in this file
            box("stbl", tables)));
  }

  private static BoxContent mediaHeader(long timescale, long durationVu, int language) {
    int version = version(durationVu);
    return fullBox(
        "mdhd",
        version,
        0,
        times(version),
        u32(timescale),
        duration(version, durationVu),
        u16(language, 0));
  }

  /** 32 bits where the duration fits, all ones apart, which mean "unknown". */
  private static int version(long durationVu) {
    return durationVu < MAX_U32 ? 0 : 1;
  }

  /** When it was made and changed: not told, so that the same sources give the same bytes. */
  private static BoxContent times(int version) {
    return zeros(version == 0 ? 8 : 16);
  }

  private static BoxContent duration(int version, long durationVu) {
    return version == 0 ? u32(durationVu) : u64(durationVu);
  }
}
