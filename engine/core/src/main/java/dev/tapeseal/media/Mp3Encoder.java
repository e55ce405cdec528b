package dev.tapeseal.media;

import de.sciss.jump3r.mp3.BitStream;
import de.sciss.jump3r.mp3.GainAnalysis;
import de.sciss.jump3r.mp3.ID3Tag;
import de.sciss.jump3r.mp3.Lame;
import de.sciss.jump3r.mp3.LameGlobalFlags;
import de.sciss.jump3r.mp3.MPEGMode;
import de.sciss.jump3r.mp3.Presets;
import de.sciss.jump3r.mp3.Quantize;
import de.sciss.jump3r.mp3.QuantizePVT;
import de.sciss.jump3r.mp3.Reservoir;
import de.sciss.jump3r.mp3.Takehiro;
import de.sciss.jump3r.mp3.VBRTag;
import de.sciss.jump3r.mp3.VbrMode;
import de.sciss.jump3r.mp3.Version;
import de.sciss.jump3r.mpg.Common;
import de.sciss.jump3r.mpg.Interface;
import de.sciss.jump3r.mpg.MPGLib;

/**
 * LAME, as jump3r has it in Java (LGPL): linear samples in, MP3 at a constant bitrate out. Every frame stands alone, without a bit reservoir, so that silence may be put between any two. Channels are
 * coded apart, since in a call they are two people. Confined to one thread; allocates as jump3r does.
 */
final class Mp3Encoder {
  /** How much later a sample comes out of a decoder: 576 by the encoder, 529 by any decoder. */
  static final int DELAY_SAMPLES = 576 + 529;

  private static final int MIN_KBPS_A_CHANNEL = 16;
  private static final int BITS_A_SAMPLE = 2;
  private static final int QUALITY = 5; // LAME's own default for such rates

  private final Lame lame = new Lame();
  private final LameGlobalFlags flags;

  Mp3Encoder(int sampleRateHz, int channels) {
    var gain = new GainAnalysis();
    var bits = new BitStream();
    var presets = new Presets();
    var quantizePrivate = new QuantizePVT();
    var quantize = new Quantize();
    var tag = new VBRTag();
    var version = new Version();
    var id3 = new ID3Tag();
    var reservoir = new Reservoir();
    var takehiro = new Takehiro();
    var decoder = new MPGLib();
    var layers = new Interface();
    var common = new Common();
    lame.setModules(gain, bits, presets, quantizePrivate, quantize, tag, version, id3, decoder);
    bits.setModules(gain, decoder, version, tag);
    id3.setModules(bits, version);
    presets.setModules(lame);
    quantize.setModules(bits, reservoir, quantizePrivate, takehiro);
    quantizePrivate.setModules(takehiro, reservoir, lame.enc.psy);
    reservoir.setModules(bits);
    takehiro.setModules(quantizePrivate);
    tag.setModules(lame, bits, version);
    decoder.setModules(layers, common);
    layers.setModules(tag, common);

    flags = lame.lame_init();
    flags.num_channels = channels;
    flags.in_samplerate = sampleRateHz;
    flags.out_samplerate = sampleRateHz;
    flags.mode = channels == 1 ? MPEGMode.MONO : MPEGMode.STEREO;
    flags.VBR = VbrMode.vbr_off;
    flags.brate = channels * Math.max(MIN_KBPS_A_CHANNEL, sampleRateHz * BITS_A_SAMPLE / 1000);
    flags.quality = QUALITY;
    flags.disable_reservoir = true;
    flags.bWriteVbrTag = false; // a placeholder, for whoever can seek back
    flags.findReplayGain = false;
    flags.write_id3tag_automatic = false;
    if (lame.lame_init_params(flags) < 0) {
      throw new IllegalStateException("jump3r refused " + sampleRateHz + " Hz, " + channels
          + " channels, which are a rate and channels of MPEG audio");
    }
  }

  /** How many bytes encoding so many samples can give at most (LAME's own bound). */
  static int maxBytes(int samples) {
    return samples * 5 / 4 + 7200;
  }

  /**
   * Encodes samples.
   *
   * @param channels a row a channel
   * @return how many bytes of MP3 it put into the array
   */
  int encode(int[][] channels, int samples, byte[] mp3) {
    int[] left = channels[0];
    int[] right = channels[channels.length - 1];
    return checked(lame.lame_encode_buffer_int(flags, left, right, samples, mp3, 0, mp3.length));
  }

  /** Encodes what it still holds, with silence behind it; ends the stream. */
  int finish(byte[] mp3) {
    return checked(lame.lame_encode_flush(flags, mp3, 0, mp3.length));
  }

  private static int checked(int length) {
    if (length < 0) {
      throw new IllegalStateException(
          "jump3r failed with " + length + " on a buffer of the length that it asks for");
    }
    return length;
  }
}
