/** Recording certificates: the X.509 public keys that recordings are encrypted under. */
@NullMarked
package dev.tapeseal.certificate;

import org.jspecify.annotations.NullMarked;
