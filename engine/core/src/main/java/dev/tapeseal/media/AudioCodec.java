package dev.tapeseal.media;

/** How audio is coded. All but {@link #MP3} are carried in WAV. */
public enum AudioCodec {
  /** Linear samples: 8 bits unsigned; 16, 24 and 32 bits signed, little-endian. */
  PCM,
  /** ITU-T G.711 mu-law, 8 bits a sample. */
  MU_LAW,
  /** ITU-T G.711 A-law, 8 bits a sample. */
  A_LAW,
  /** MPEG-1, MPEG-2 or MPEG-2.5 audio, layer III. */
  MP3
}
