package dev.tapeseal.profile;

import java.util.Locale;

/**
 * The nine documented parts of a recording file name template. How they are written in a template
 * is ours.
 */
public enum FileNamePart {
  /** The identifier of this very media file; the only part that no two of them share. */
  ID("ID"),
  SIP_SERVER_APPLICATION_NAME("SIP Server Application Name"),
  ANI("ANI"),
  DNIS("DNIS"),
  DATE_TIME("Date Time"),
  CALL_UUID("Call UUID"),
  CONNECTION_ID("Connection ID"),
  AGENT_ID("Agent ID"),
  MCP_DATE_TIME("MCP Date Time");

  private final String label;

  FileNamePart(String label) {
    this.label = label;
  }

  /** Its documented name, for example {@code Call UUID}. */
  public String label() {
    return label;
  }

  /** How a template has it, for example <code>{call-uuid}</code>. */
  public String placeholder() {
    return "{" + name().toLowerCase(Locale.ROOT).replace('_', '-') + "}";
  }

  boolean isTime() {
    return this == DATE_TIME || this == MCP_DATE_TIME;
  }
}
