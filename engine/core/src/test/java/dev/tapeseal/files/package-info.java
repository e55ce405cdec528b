/** Tests of files. */
@NullMarked
package dev.tapeseal.files;

import org.jspecify.annotations.NullMarked;
