@NullMarked
package dev.tapeseal.media.mp4;

import org.jspecify.annotations.NullMarked;
