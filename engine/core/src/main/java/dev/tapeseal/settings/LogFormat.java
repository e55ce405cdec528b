package dev.tapeseal.settings;

/** How log lines look: for people, or one JSON object a line for machines. */
public enum LogFormat {
  TEXT,
  JSON
}
