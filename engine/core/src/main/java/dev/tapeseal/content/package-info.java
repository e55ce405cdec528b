/** The content ciphers and their session keys: written as a stream, read at random. */
@NullMarked
package dev.tapeseal.content;

import org.jspecify.annotations.NullMarked;
