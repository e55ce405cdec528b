package dev.tapeseal.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * One result as a page that opens from a disk: figures, and charts drawn as SVG. It holds no script and loads nothing. It
 * is longer than most classes because the charts are drawn here, too.
 */
public final class LoadPage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 200;
  private static final int LEFT = 70;
  private static final int BOTTOM = 28;
  private static final int TOP = 12;
  private static final double MICROS = 1e3;
  private static final double[] PERCENTILES = {
    0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 100
  };
  private static final List<String> COLOURS = List.of("#1f6feb", "#bf3989", "#1a7f37");

  private final StringBuilder page = new StringBuilder();

  private LoadPage() {}

  /** A line of a chart, and its name. */
  private record Line(String name, List<Double> values) {}

  /** The page as HTML. */
  public static String of(LoadResult result) {
    LoadPage page = new LoadPage();
    page.write(result);
    return page.page.toString();
  }

  private void write(LoadResult result) {
    page.append("""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Tapeseal under load</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 760px; padding: 0 1rem }
        table { border-collapse: collapse } td, th { text-align: left; padding: 2px 16px 2px 0; font-variant-numeric: tabular-nums }
        svg { width: 100%; height: auto } svg text { font-size: 11px; fill: #57606a }
        </style></head><body>
        """);
    LoadPlan plan = result.plan();
    page.append("<h1>")
        .append(plan.calls())
        .append(plan.calls() == 1 ? " call, " : " calls, ")
        .append(plan.screens())
        .append(plan.screens() == 1 ? " screen" : " screens")
        .append("</h1>\n");
    table(result);
    List<LoadResult.Second> each = result.each();
    chart(
        "Latency of frames from when they were due, µs, by second",
        "second",
        List.of(
            line("median", each, second -> second.p50Nanos() / MICROS),
            line("99th percentile", each, second -> second.p99Nanos() / MICROS),
            line("largest", each, second -> second.maxNanos() / MICROS)));
    percentiles(result.histogram());
    chart(
        "Recordings that were live",
        "second",
        List.of(line("recordings", each, LoadResult.Second::sessions)));
    chart(
        "Frames recorded, and dropped, a second",
        "second",
        List.of(
            line("recorded", each, LoadResult.Second::frames),
            line("dropped", each, LoadResult.Second::dropped)));
    chart(
        "Bytes recorded a second",
        "second",
        List.of(line("bytes", each, LoadResult.Second::bytes)));
    chart(
        "Cores in use",
        "second",
        List.of(
            line("lanes", each, LoadResult.Second::laneCores),
            line("the process", each, LoadResult.Second::processCores)));
    chart(
        "Milliseconds of each second in collections of garbage",
        "second",
        List.of(line("garbage", each, LoadResult.Second::gcMillis)));
    page.append("</body></html>\n");
  }

  private void table(LoadResult result) {
    page.append("<table>\n");
    result.toMap().forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        StringBuilder inner = new StringBuilder();
        map.forEach((key, of) -> inner
            .append(inner.length() == 0 ? "" : ", ")
            .append(key)
            .append(' ')
            .append(of));
        row(name, inner.toString());
      } else if (!(value instanceof List)) {
        row(name, String.valueOf(value));
      }
    });
    page.append("</table>\n");
  }

  private void row(String name, String value) {
    page.append("<tr><th>")
        .append(escaped(name))
        .append("</th><td>")
        .append(escaped(value))
        .append("</td></tr>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static Line line(
      String name, List<LoadResult.Second> each, ToDoubleFunction<LoadResult.Second> value) {
    return new Line(name, each.stream().map(value::applyAsDouble).toList());
  }

  /** Values from 0 to the largest, one step to the right for each. */
  private void chart(String title, String across, List<Line> lines) {
    double largest = 0;
    int steps = 0;
    for (Line line : lines) {
      for (double value : line.values()) {
        largest = Math.max(largest, value);
      }
      steps = Math.max(steps, line.values().size());
    }
    begin(title, largest);
    for (int i = 0; i < lines.size(); i++) {
      StringBuilder points = new StringBuilder();
      List<Double> values = lines.get(i).values();
      for (int step = 0; step < values.size(); step++) {
        point(
            points,
            steps < 2 ? 0 : step / (steps - 1.0),
            largest == 0 ? 0 : values.get(step) / largest);
      }
      draw(points, lines.get(i).name(), i);
    }
    end("1", across + " " + steps);
  }

  /** By how rare a frame is, as percentiles are usually drawn. */
  private void percentiles(Histogram histogram) {
    double largest = Math.max(1, histogram.getMaxValue());
    begin("Latency of frames from when they were due, µs, by percentile", largest / MICROS);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < PERCENTILES.length; i++) {
      point(
          points,
          i / (PERCENTILES.length - 1.0),
          histogram.getValueAtPercentile(PERCENTILES[i]) / largest);
      page.append("<text x=\"")
          .append(number(LEFT + (WIDTH - LEFT) * i / (PERCENTILES.length - 1.0)))
          .append("\" y=\"")
          .append(HEIGHT - 16)
          .append("\" text-anchor=\"middle\">")
          .append(i % 2 == 0 ? String.valueOf(PERCENTILES[i]) : "")
          .append("</text>\n");
    }
    draw(points, "all seconds", 0);
    end("", "percent");
  }

  private void begin(String title, double largest) {
    page.append("<h2>")
        .append(escaped(title))
        .append("</h2>\n<svg viewBox=\"0 0 ")
        .append(WIDTH + 20)
        .append(' ')
        .append(HEIGHT)
        .append("\" role=\"img\" aria-label=\"")
        .append(escaped(title))
        .append("\">\n");
    for (int i = 0; i <= 2; i++) {
      double y = y(i / 2.0);
      page.append("<line x1=\"")
          .append(LEFT)
          .append("\" x2=\"")
          .append(WIDTH)
          .append("\" y1=\"")
          .append(number(y))
          .append("\" y2=\"")
          .append(number(y))
          .append("\" stroke=\"#d0d7de\"/>\n<text x=\"")
          .append(LEFT - 6)
          .append("\" y=\"")
          .append(number(y + 4))
          .append("\" text-anchor=\"end\">")
          .append(shown(largest * i / 2))
          .append("</text>\n");
    }
  }

  private static void point(StringBuilder points, double x, double y) {
    points
        .append(number(LEFT + x * (WIDTH - LEFT)))
        .append(',')
        .append(number(y(y)))
        .append(' ');
  }

  private static double y(double share) {
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  }

  private void draw(StringBuilder points, String name, int index) {
    page.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
        .append(COLOURS.get(index))
        .append("\" points=\"")
        .append(points)
        .append("\"/>\n<text x=\"")
        .append(LEFT + 8 + index * 130)
        .append("\" y=\"10\" style=\"fill:")
        .append(COLOURS.get(index))
        .append("\">")
        .append(escaped(name))
        .append("</text>\n");
  }

  private void end(String from, String to) {
    page.append("<text x=\"")
        .append(LEFT)
        .append("\" y=\"")
        .append(HEIGHT - 2)
        .append("\">")
        .append(from)
        .append("</text>\n<text x=\"")
        .append(WIDTH)
        .append("\" y=\"")
        .append(HEIGHT - 2)
        .append("\" text-anchor=\"end\">")
        .append(escaped(to))
        .append("</text>\n</svg>\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
  }
}
