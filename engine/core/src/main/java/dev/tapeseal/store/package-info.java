/**
 * Recordings at rest: their ids and metadata, where their media lie, and the catalog that finds them.
 *
 * <pre>{@code
 * try (RecordingStore store = RecordingStore.open(folder);
 *     PendingRecording pending = store.begin(Tenant.DEFAULT, id, started)) {
 *   try (WritableByteChannel media = pending.create(mediaId, MediaSuffix.CONTENT)) { media.write(bytes); }
 *   pending.commit(Recording.call(id, caller, dialed).started(started).media(mediaFile).build());
 * }
 * }</pre>
 */
@NullMarked
package dev.tapeseal.store;

import org.jspecify.annotations.NullMarked;
