/** Tests of the store. */
@NullMarked
package dev.tapeseal.store;

import org.jspecify.annotations.NullMarked;
