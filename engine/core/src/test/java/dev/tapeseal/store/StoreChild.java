package dev.tapeseal.store;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that records into a store until it is killed, or has made so many recordings. */
final class StoreChild {
  private StoreChild() {}

  /** Takes the store's folder, the number of its first recording, and how many to make. */
  public static void main(String[] arguments) throws IOException {
    int first = Integer.parseInt(arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    try (RecordingStore store = RecordingStore.open(Path.of(arguments[0]))) {
      for (int number = first; number < first + count; number++) {
        StoreSamples.record(store, StoreSamples.id(number));
        out.write(
            (number + "\n").getBytes(StandardCharsets.UTF_8)); // at once, so that no line is torn
      }
    }
    out.write("done\n".getBytes(StandardCharsets.UTF_8));
  }

  static Process start(Path folder, int first, int count, Path errors) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Xshare:auto",
        "-Djava.io.tmpdir=" + errors.toAbsolutePath().getParent(), // what is killed cannot tidy up
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        StoreChild.class.getName(),
        folder.toString(),
        Integer.toString(first),
        Integer.toString(count)));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
        .start();
  }
}
