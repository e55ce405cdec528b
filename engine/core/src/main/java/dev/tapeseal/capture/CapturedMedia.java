package dev.tapeseal.capture;

import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.profile.FileNameFacts;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One media file of one interaction, under the names it will have, and the metadata that describe it when it ends.
 *
 * @param started when it started, to the millisecond as metadata have it
 */
record CapturedMedia(
    RecordingKind kind,
    Interaction interaction,
    MediaType type,
    RecordingId id,
    MediaId mediaId,
    Instant started) {

  /**
   * Names it: a call recording after the call's UUID, a screen recording by a fresh id; the file as the plan says.
   */
  static CapturedMedia of(
      RecordingKind kind,
      Interaction interaction,
      CapturePlan plan,
      Instant now,
      RandomGenerator random) {
    Instant started = now.truncatedTo(ChronoUnit.MILLIS);
    String extension = plan.type().fileExtension();
    MediaId mediaId = plan.fileName()
        .map(template -> new MediaId(
            template.name(fileNameFacts(interaction, started, random)) + "." + extension))
        .orElseGet(() -> MediaId.generate(interaction.callUuid(), started, extension, random));
    return new CapturedMedia(
        kind,
        interaction,
        plan.type(),
        kind == RecordingKind.CALL
            ? new RecordingId(interaction.callUuid())
            : RecordingId.generate(random),
        mediaId,
        started);
  }

  /** Nobody tells when the call itself began, so that is when its recording did. */
  private static FileNameFacts fileNameFacts(
      Interaction interaction, Instant started, RandomGenerator random) {
    return new FileNameFacts(
        RecordingId.generate(random).value(),
        interaction.sipServerApplicationName(),
        interaction.callerNumber(),
        interaction.dialedNumber(),
        started,
        interaction.callUuid(),
        interaction.connectionId(),
        interaction.agentId(),
        started);
  }

  /** What its content is bound to. */
  RecordingContext context() {
    return new RecordingContext(interaction.tenant().name(), id.value(), type.mimeType(), track());
  }

  private String track() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The metadata of the finished recording; the store adds sizes and where the file lies. */
  Recording describe(Duration duration, @Nullable MediaEncryption encryption) {
    Instant stopped = started.plus(duration);
    Recording.Builder recording = kind == RecordingKind.CALL
        ? Recording.call(id, interaction.callerNumber(), interaction.dialedNumber())
        : Recording.screen(id)
            .callerNumber(interaction.callerNumber())
            .dialedNumber(interaction.dialedNumber());
    return recording
        .tenant(interaction.tenant())
        .started(started)
        .stopped(stopped)
        .media(describeFile(duration, stopped, encryption))
        .build();
  }

  private MediaFile describeFile(
      Duration duration, Instant stopped, @Nullable MediaEncryption encryption) {
    MediaFile.Builder file = MediaFile.builder(mediaId, type.mimeType())
        .started(started)
        .stopped(stopped)
        .duration(duration)
        .callUuid(interaction.callUuid())
        .tenant(interaction.tenant().name())
        .ivrProfile(interaction.ivrProfile())
        .playPath((kind == RecordingKind.CALL ? "/recordings/" : "/screen-recordings/") + id
            + "/play/" + mediaId)
        .parameter("ani", interaction.callerNumber())
        .parameter("dnis", interaction.dialedNumber())
        .parameter("dateTime", started.truncatedTo(ChronoUnit.SECONDS).toString())
        .agentId(interaction.agentId());
    if (!interaction.connectionId().isEmpty()) {
      file.parameter("connId", interaction.connectionId());
    }
    return (encryption == null ? file : file.encryption(encryption)).build();
  }
}
