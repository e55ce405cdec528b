/** One side of a cycle of packages, for the test of the rule against them. */
@NullMarked
package dev.tapeseal.cycle.left;

import org.jspecify.annotations.NullMarked;
