/**
 * Files that several processes read and change: one changes at a time, and whoever reads sees the old content or the
 * new one, whatever crashes.
 *
 * <pre>{@code
 * try (ProcessLock lock = ProcessLock.acquire(folder.resolve(".lock"))) {
 *   WholeFile.of(folder.resolve("profile.json")).replace(lock, changed);
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.files;

import org.jspecify.annotations.NullMarked;
