package dev.tapeseal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.http.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of the routes: each route stands in it, and nothing else does. */
class OpenApiTest {
  private static final Pattern PATH = Pattern.compile("  (/\\S*):");
  private static final Pattern METHOD = Pattern.compile("    (get|put|post|delete|patch):");
  private static final Pattern REFERENCE =
      Pattern.compile("\\$ref: \"#/components/(\\w+)/(\\w+)\"");

  @TempDir
  private Path folder;

  @Test
  void everyRoute_standsInTheDocument_andBack() throws Exception {
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      Set<String> routes = platform.routes().stream()
          .map(OpenApiTest::operation)
          .collect(Collectors.toCollection(TreeSet::new));

      assertThat(documented()).isNotEmpty().isEqualTo(routes);
    }
  }

  private static String operation(Route route) {
    return route.method().name().toLowerCase(Locale.ROOT) + " "
        + route.template().replace("+}", "}");
  }

  private static Set<String> documented() throws Exception {
    Set<String> operations = new TreeSet<>();
    String path = "";
    for (String line : lines()) {
      Matcher pathLine = PATH.matcher(line);
      Matcher methodLine = METHOD.matcher(line);
      if (pathLine.matches()) {
        path = pathLine.group(1);
      } else if (methodLine.matches()) {
        operations.add(methodLine.group(1) + " " + path);
      }
    }
    return operations;
  }

  private static String[] lines() throws Exception {
    return new String(OpenApi.document(), StandardCharsets.UTF_8).split("\n", -1);
  }

  @Test
  void references_leadSomewhere() throws Exception {
    Set<String> defined = new TreeSet<>();
    Set<String> referred = new TreeSet<>();
    String section = "";
    for (String line : lines()) {
      if (line.matches("  [a-zA-Z]+:")) {
        section = line.strip();
      } else if (line.matches("    [a-zA-Z]+:")) {
        defined.add(section + line.strip());
      }
      Matcher reference = REFERENCE.matcher(line);
      while (reference.find()) {
        referred.add(reference.group(1) + ":" + reference.group(2) + ":");
      }
    }

    assertThat(referred).isNotEmpty().isSubsetOf(defined);
  }
}
