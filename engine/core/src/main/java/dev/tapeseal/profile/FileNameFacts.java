package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is known of a media file when it is named. All but the identifier may be empty and may be
 * anything: they come from callers and other systems.
 *
 * @param id names this media file and no other: 1 to 128 letters, digits, {@code _} or {@code -}
 * @param dateTime when the call began
 * @param mcpDateTime when MCP began to record
 */
public record FileNameFacts(
    String id,
    String sipServerApplicationName,
    String ani,
    String dnis,
    Instant dateTime,
    String callUuid,
    String connectionId,
    String agentId,
    Instant mcpDateTime) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** Refuses an identifier that could not be told from another in a file's name. */
  public FileNameFacts {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "media file id: " + Shown.of(id) + " (expected: 1 to 128 letters, digits, '_' or '-')");
    }
  }
}
