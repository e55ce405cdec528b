/**
 * Puts the recorder under the load of many live calls and screens, and measures what it does with it.
 *
 * <pre>{@code
 * LoadPlan plan = LoadPlan.ofCalls(10_000, Duration.ofSeconds(30));
 * LoadResult result = LoadRun.run(plan, LoadStore.nothing(), second -> {});
 * result.latency().p99Nanos();
 * }</pre>
 */
@NullMarked
package dev.tapeseal.load;

import org.jspecify.annotations.NullMarked;
