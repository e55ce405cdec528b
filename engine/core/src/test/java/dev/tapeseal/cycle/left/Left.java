package dev.tapeseal.cycle.left;

import dev.tapeseal.cycle.right.Right;

/** Half of a cycle of packages, that the rule against them must find. */
public record Left(Right right) {}
