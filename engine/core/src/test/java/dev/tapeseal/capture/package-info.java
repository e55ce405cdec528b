/** Tests of capture. */
@NullMarked
package dev.tapeseal.capture;

import org.jspecify.annotations.NullMarked;
