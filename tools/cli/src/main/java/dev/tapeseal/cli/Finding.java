package dev.tapeseal.cli;

/**
 * Something in a data folder that will hurt.
 *
 * @param check the name of the check, in lower case with hyphens: scripts may rely on it
 * @param subject what it is about: a profile, a certificate, a file
 * @param explanation what is wrong, and what to do
 */
record Finding(String check, String subject, String explanation) {

  @Override
  public String toString() {
    return check + ": " + subject + ": " + explanation;
  }
}
