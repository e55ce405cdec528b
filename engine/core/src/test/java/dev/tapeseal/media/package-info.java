@NullMarked
package dev.tapeseal.media;

import org.jspecify.annotations.NullMarked;
