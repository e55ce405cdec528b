package dev.tapeseal.cycle.right;

import dev.tapeseal.cycle.left.Left;
import java.util.List;

/** The other half of the cycle. */
public record Right(List<Left> lefts) {}
