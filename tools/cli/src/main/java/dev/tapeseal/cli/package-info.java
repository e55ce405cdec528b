/**
 * The {@code tapeseal} command: one class a verb, data on standard output, progress and errors on standard error,
 * exit codes by {@link dev.tapeseal.cli.ExitCode}.
 *
 * <pre>{@code
 * int exitCode = Tapeseal.run(Terminal.ofProcess(), "inspect", "call.mp3");
 * }</pre>
 */
@NullMarked
package dev.tapeseal.cli;

import org.jspecify.annotations.NullMarked;
