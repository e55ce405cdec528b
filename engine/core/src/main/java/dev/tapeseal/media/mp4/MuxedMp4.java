package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.box;
import static dev.tapeseal.media.mp4.BoxContent.join;
import static dev.tapeseal.media.mp4.BoxContent.text;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.u64;

import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.Mp3Source;
import dev.tapeseal.media.WavSource;
import dev.tapeseal.media.mp4.ChunkTable.OffsetWidth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A screen recording and its call as one MP4 file, which is made while it is read: {@code moov} first, then the
 * video's samples bit for bit and about as many seconds of audio, in turns of a second.
 *
 * <p>MP3 is copied frame by frame, WAV becomes FLAC or MP3. Of the screen its first video track is taken. Opening
 * reads the screen's tables, and the call once; reading it costs no more than copying, and what encoding costs.
 * Memory is that of the screen's {@code moov}, 4 bytes for every audio frame, and some 300 KiB. The same sources give
 * the same bytes. Confined to one thread.
 */
public final class MuxedMp4 implements ReadableByteChannel {
  /** The furthest that call and screen may start from each other. */
  public static final Duration MAX_OFFSET = Duration.ofDays(1);

  private static final long TIMESCALE = 48_000;
  private static final int NORMAL_RATE = 0x10000;
  private static final int MAX_EDITS = 1000;
  private static final long MAX_U32 = 0xFFFF_FFFFL;

  /** What WAV becomes. */
  public enum WavCoding {
    /** Without loss: about half of PCM's size, and about that of G.711. */
    FLAC,
    /** A fifth of that, or less: 2 bits a sample. Encoding takes longer, and WAV must have a rate of MP3. */
    MP3
  }

  private final VideoFeed video;
  private final AudioFeed audio;
  private final ChunkTable videoChunks;
  private final ChunkTable audioChunks;
  private final Deque<ByteBuffer> head;
  private final long sizeBytes;
  private final Duration duration;
  private int nextVideo;
  private int nextAudio;
  private long leftInChunk;
  private boolean chunkIsVideo;
  private boolean open = true;

  private MuxedMp4(
      VideoFeed video,
      AudioFeed audio,
      ChunkTable videoChunks,
      ChunkTable audioChunks,
      MovieBox movie)
      throws MediaException {
    this.video = video;
    this.audio = audio;
    this.videoChunks = videoChunks;
    this.audioChunks = audioChunks;
    this.duration = movie.duration();
    BoxContent placed = place(movie);
    this.head = new ArrayDeque<>(placed.pieces());
    this.sizeBytes = placed.sizeBytes() + videoChunks.totalBytes() + audioChunks.totalBytes();
  }

  /**
   * Reads what the sources say of themselves, and refuses what cannot be muxed; nothing of the file is made yet.
   *
   * @param screen a finished MP4 file with a video track
   * @param call MP3 or WAV
   * @param callLater how much later the call starts than the screen; negative where it starts earlier
   * @param wavCoding what a call in WAV becomes
   * @throws MediaException where a source is damaged, or of a kind that is refused; its message begins with {@code screen:}
   *     or {@code call:}
   */
  public static MuxedMp4 open(
      SeekableByteChannel screen, SeekableByteChannel call, Duration callLater, WavCoding wavCoding)
      throws IOException {
    if (callLater.abs().compareTo(MAX_OFFSET) > 0) {
      throw new IllegalArgumentException("call and screen start " + callLater.abs()
          + " apart (expected: at most " + MAX_OFFSET + ", as recordings of one interaction)");
    }
    long callNanos = Math.max(0, callLater.toNanos());
    long screenNanos = Math.max(0, callLater.negated().toNanos());
    AudioFeed audio;
    ChunkTable audioChunks;
    try {
      audio = audio(call, callNanos, wavCoding);
      audio.measure();
      audioChunks = audio.chunks();
    } catch (MediaException e) {
      throw e.in("call");
    }
    try {
      Mp4File file = Mp4File.read(screen);
      VideoFeed video = VideoFeed.of(screen, file);
      ChunkTable videoChunks = video.chunks(screenNanos / 1000);
      long timescale = video.track().edits().isEmpty()
          ? TIMESCALE
          : Timescales.common(TIMESCALE, file.timescale());
      MovieBox movie = new MovieBox(
          timescale,
          video,
          videoChunks,
          videoEdits(video, file.timescale(), timescale, screenNanos),
          audio,
          audioChunks,
          audioEdits(audio, timescale));
      return new MuxedMp4(video, audio, videoChunks, audioChunks, movie);
    } catch (MediaException e) {
      throw e.in("screen");
    }
  }

  private static AudioFeed audio(SeekableByteChannel call, long nanosLater, WavCoding wavCoding)
      throws IOException {
    MediaSource source = MediaSource.open(call);
    if (source instanceof Mp3Source mp3) {
      int rateHz = mp3.audioFormat().orElseThrow().sampleRateHz();
      return new Mp3Feed(call, mp3, Timescales.ofNanos(nanosLater, rateHz));
    }
    if (source instanceof WavSource wav) {
      int rateHz = wav.audioFormat().orElseThrow().sampleRateHz();
      long laterSamples = Timescales.ofNanos(nanosLater, rateHz);
      return switch (wavCoding) {
        case FLAC -> new FlacFeed(call, wav, laterSamples);
        case MP3 -> new Mp3EncodingFeed(call, wav, laterSamples);
      };
    }
    throw new MediaException.Unsupported(
        0, "a call in " + source.type().mimeType() + " (expected: MP3 or WAV)");
  }

  /** The source's edits, behind an empty one where the call starts earlier. */
  private static List<Edit> videoEdits(
      VideoFeed video, long sourceTimescale, long timescale, long laterNanos)
      throws MediaException {
    Track track = video.track();
    long seconds = track.edits().stream()
        .mapToLong(edit -> Math.min(edit.segmentDurationVu() / sourceTimescale, Track.MAX_SECONDS))
        .limit(MAX_EDITS)
        .sum();
    if (track.edits().size() > MAX_EDITS || seconds > Track.MAX_SECONDS) {
      throw new MediaException.Unsupported(
          track.box().offset(),
          track.edits().size() + " edits of " + seconds + " s (expected: at most " + MAX_EDITS
              + " of " + Track.MAX_SECONDS + " s together)");
    }
    long emptyVu = Timescales.ofNanos(laterNanos, timescale);
    List<Edit> shown = new ArrayList<>();
    for (Edit edit : track.edits()) {
      long durationVu = Timescales.roundedUp(edit.segmentDurationVu(), sourceTimescale, timescale);
      if (edit.isEmpty() && shown.isEmpty()) {
        emptyVu += durationVu; // two empty edits in a row would be read as one by some players
      } else if (edit.isEmpty() || edit.segmentDurationVu() > 0) {
        shown.add(new Edit(durationVu, edit.mediaTimeVu(), edit.mediaRate()));
      } else { // to the end
        shown.add(toTheEnd(video, timescale, edit.mediaTimeVu()));
      }
    }
    if (emptyVu > 0) {
      if (shown.isEmpty()) {
        // an edit that began before the first picture would be read as if that stood at its
        // beginning
        long firstVu = Math.max(0, video.firstVu());
        emptyVu += Timescales.roundedUp(firstVu, track.timescale(), timescale);
        shown.add(toTheEnd(video, timescale, firstVu));
      }
      shown.add(0, new Edit(emptyVu, Edit.EMPTY, NORMAL_RATE));
    }
    return shown;
  }

  private static Edit toTheEnd(VideoFeed video, long timescale, long mediaTimeVu) {
    long leftVu = Math.max(0, video.endVu() - mediaTimeVu);
    return new Edit(
        Timescales.roundedUp(leftVu, video.track().timescale(), timescale),
        mediaTimeVu,
        NORMAL_RATE);
  }

  private static List<Edit> audioEdits(AudioFeed audio, long timescale) {
    if (audio.mediaTimeSamples() == 0 && audio.presentedSamples() == audio.totalSamples()) {
      return List.of();
    }
    long shownVu = Timescales.roundedUp(audio.presentedSamples(), audio.sampleRateHz(), timescale);
    return List.of(new Edit(shownVu, audio.mediaTimeSamples(), NORMAL_RATE));
  }

  /** Everything before the first sample; chunks are placed behind it. */
  private BoxContent place(MovieBox movie) throws MediaException {
    BoxContent ftyp = box(
        "ftyp", text("isom"), u32(0x200), text("isom"), text("iso2"), text("avc1"), text("mp41"));
    long mediaBytes = videoChunks.totalBytes() + audioChunks.totalBytes();
    BoxContent mdat = mediaBytes + 8 <= MAX_U32
        ? join(u32(mediaBytes + 8), text("mdat"))
        : join(u32(1), text("mdat"), u64(mediaBytes + 16));
    for (OffsetWidth width : OffsetWidth.values()) {
      long before = ftyp.sizeBytes() + movie.content(width).sizeBytes() + mdat.sizeBytes();
      if (width == OffsetWidth.BITS_64 || before + mediaBytes <= MAX_U32) {
        placeChunks(before);
        return join(ftyp, movie.content(width), mdat);
      }
    }
    throw new IllegalStateException("64 bits take every offset");
  }

  private void placeChunks(long before) {
    long offset = before;
    while (selectChunk()) {
      if (chunkIsVideo) {
        videoChunks.place(nextVideo - 1, offset);
      } else {
        audioChunks.place(nextAudio - 1, offset);
      }
      offset += leftInChunk;
    }
    nextVideo = 0;
    nextAudio = 0;
    leftInChunk = 0;
  }

  /** Goes on with the chunk that is needed next: the one that starts earlier, of two the video's. */
  private boolean selectChunk() {
    boolean videoLeft = nextVideo < videoChunks.count();
    boolean audioLeft = nextAudio < audioChunks.count();
    if (!videoLeft && !audioLeft) {
      return false;
    }
    chunkIsVideo = videoLeft
        && (!audioLeft || videoChunks.startUs(nextVideo) <= audioChunks.startUs(nextAudio));
    leftInChunk = chunkIsVideo ? videoChunks.bytes(nextVideo++) : audioChunks.bytes(nextAudio++);
    return true;
  }

  /** How long it plays. */
  public Duration duration() {
    return duration;
  }

  /** The file's length, which is known before anything of it is read. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Reads on in the file; fills the target unless the file ends.
   *
   * @throws IOException where a source failed, or has changed since it was opened
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    int start = target.position();
    boolean more = true;
    while (more && target.hasRemaining()) {
      more = readSome(target);
    }
    int read = target.position() - start;
    return read == 0 && start < target.limit() ? -1 : read;
  }

  private boolean readSome(ByteBuffer target) throws IOException {
    @Nullable ByteBuffer piece = head.peek();
    if (piece != null) {
      int count = Math.min(piece.remaining(), target.remaining());
      target.put(target.position(), piece, piece.position(), count);
      target.position(target.position() + count);
      piece.position(piece.position() + count);
      if (!piece.hasRemaining()) {
        head.remove();
      }
      return true;
    }
    if (leftInChunk == 0 && !selectChunk()) {
      return false;
    }
    int limit = target.limit();
    int count = (int) Math.min(leftInChunk, target.remaining());
    target.limit(target.position() + count);
    if (chunkIsVideo) {
      video.read(target);
    } else {
      audio.read(target);
    }
    target.limit(limit);
    leftInChunk -= count;
    return true;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Ends reading. The sources stay open. */
  @Override
  public void close() {
    open = false;
  }
}
