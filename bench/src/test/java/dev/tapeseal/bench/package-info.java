@NullMarked
package dev.tapeseal.bench;

import org.jspecify.annotations.NullMarked;
