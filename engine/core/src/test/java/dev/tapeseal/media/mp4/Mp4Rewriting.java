package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.box;
import static dev.tapeseal.media.mp4.BoxContent.fullBox;
import static dev.tapeseal.media.mp4.BoxContent.join;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.u64;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The same movie in rarer boxes: 64-bit chunk offsets, headers and edits of version 1. Needs a source with moov last. */
final class Mp4Rewriting {
  private Mp4Rewriting() {}

  static Path rewrite(Path source, Path target) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(source);
        OutputStream out = Files.newOutputStream(target)) {
      Box moov = Mp4File.read(channel).moov();
      byte[] all = Files.readAllBytes(source);
      out.write(all, 0, (int) moov.offset());
      for (ByteBuffer piece : rewritten(moov).pieces()) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        out.write(bytes);
      }
    }
    return target;
  }

  private static BoxContent rewritten(Box box) {
    ByteBuffer content = box.content();
    boolean version0 = content.remaining() > 4 && content.get(0) == 0;
    if (!box.children().isEmpty()) {
      return box(
          box.type(),
          box.children().stream().map(Mp4Rewriting::rewritten).toArray(BoxContent[]::new));
    }
    if (box.type().equals("stco")) {
      int count = content.getInt(4);
      long[] offsets = new long[count];
      Arrays.setAll(offsets, i -> content.getInt(8 + 4 * i) & 0xFFFF_FFFFL);
      return fullBox("co64", 0, 0, u32(count), u64(offsets));
    }
    if (version0 && (box.type().equals("mvhd") || box.type().equals("mdhd"))) {
      return fullBox(
          box.type(),
          1,
          0,
          u64(content.getInt(4), content.getInt(8)),
          u32(content.getInt(12)),
          u64(content.getInt(16) & 0xFFFF_FFFFL),
          BoxContent.of(content.slice(20, content.limit() - 20)));
    }
    if (version0 && box.type().equals("tkhd")) {
      return fullBox(
          "tkhd",
          1,
          3,
          u64(content.getInt(4), content.getInt(8)),
          u32(content.getInt(12), 0),
          u64(content.getInt(20) & 0xFFFF_FFFFL),
          BoxContent.of(content.slice(24, content.limit() - 24)));
    }
    if (version0 && box.type().equals("elst")) {
      BoxContent entries = u32(content.getInt(4));
      for (int at = 8; at < content.limit(); at += 12) {
        entries = join(
            entries,
            u64(content.getInt(at) & 0xFFFF_FFFFL, content.getInt(at + 4)),
            u32(content.getInt(at + 8)));
      }
      return fullBox("elst", 1, 0, entries);
    }
    return box(box.type(), BoxContent.of(content));
  }
}
