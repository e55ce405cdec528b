/** JMH benchmarks of what runs while a recording is made; the README beside the module says how to run them. */
@NullMarked
package dev.tapeseal.bench;

import org.jspecify.annotations.NullMarked;
