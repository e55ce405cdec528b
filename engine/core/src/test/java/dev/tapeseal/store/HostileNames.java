package dev.tapeseal.store;

import java.util.List;
import java.util.stream.Stream;

/** Sixty names that try to leave a folder, to hide in it, or to pass for another file. */
final class HostileNames {
  private HostileNames() {}

  static Stream<String> all() {
    return Stream.concat(LEAVING.stream(), CONFUSING.stream());
  }

  private static final List<String> LEAVING = List.of(
      "..",
      ".",
      "../",
      "../x",
      "../../etc/passwd",
      "..\\",
      "..\\..\\windows",
      "x/..",
      "x/../..",
      "x/../../y",
      "./x",
      "x/.",
      "/",
      "//",
      "/etc/passwd",
      "//server/share",
      "\\\\server\\share",
      "\\",
      "C:\\x",
      "C:x",
      "c:/x",
      "file:///etc/passwd",
      "~/x",
      "x/y",
      "x\\y",
      "....//",
      "..;/x",
      "..%2f..%2fetc",
      "%2e%2e%2f",
      "%2e%2e/",
      "%252e%252e%252f",
      "..%c0%af",
      "..%5c",
      "..\u2215x",
      "..\u2044x",
      "\uff0e\uff0e\uff0f",
      "\u2024\u2024/",
      "..\u0000",
      "\u0000",
      "x\u0000.mp3");

  private static final List<String> CONFUSING = List.of(
      "x\n",
      "x\r\ny",
      "x\ty",
      "\u001b[2J",
      "\u007f",
      "x\u0085y",
      "\u202e3pm.x",
      "\u200b",
      "x\u200d",
      "\ufeffx",
      "e\u0301",
      "\u00e9",
      "\u0130",
      "\ud800",
      "x\udfff",
      "\ud83d\ude00",
      " ",
      " x",
      "x*",
      "x?",
      "x|y",
      "x<y>",
      "\"x\"",
      "$(id)",
      "`id`",
      "x;id");
}
