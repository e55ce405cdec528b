package dev.tapeseal.authority;

/** How certificates and requests are signed. */
public enum SignatureAlgorithm {
  /** What every reader takes. */
  SHA256_RSA("SHA256withRSA"),
  SHA384_RSA("SHA384withRSA"),
  SHA512_RSA("SHA512withRSA");

  private final String jcaName;

  SignatureAlgorithm(String jcaName) {
    this.jcaName = jcaName;
  }

  /** Its name in JCA, for example {@code SHA256withRSA}. */
  public String jcaName() {
    return jcaName;
  }
}
