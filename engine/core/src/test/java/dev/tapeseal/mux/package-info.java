/** Tests of the muxer. */
@NullMarked
package dev.tapeseal.mux;

import org.jspecify.annotations.NullMarked;
