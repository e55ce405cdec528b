package dev.tapeseal.envelope;

/** How an encrypted recording lies in a store. */
public enum RecordingFormat {
  /**
   * One CMS EnvelopedData file, AES-256-CBC, RSAES-PKCS1-v1_5: any PKCS#7 library reads it. CBC has no integrity,
   * so a {@link RecordingPart#MAC} belongs beside it.
   */
  PKCS7("pkcs7");

  private final String label;

  RecordingFormat(String label) {
    this.label = label;
  }

  /** The format's name in commands, settings and metadata. */
  public String label() {
    return label;
  }
}
