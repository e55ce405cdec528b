package dev.tapeseal.cli;

import dev.tapeseal.keystore.DeletionImpact;
import dev.tapeseal.keystore.OrphanReport;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What keys mean to the recordings of a store, for people and for programs to read. */
final class ImpactText {

  private ImpactText() {}

  static void print(PrintStream out, DeletionImpact impact) {
    out.println("'" + impact.entry().alias() + "': " + Count.of(impact.unreadable(), "recording")
        + " would become unreadable");
    impact.examples().forEach(id -> out.println("  " + id));
    if (impact.unreadable() > impact.examples().size()) {
      out.println("  and " + (impact.unreadable() - impact.examples().size()) + " more");
    }
    impact
        .heir()
        .ifPresent(alias ->
            out.println("'" + alias + "' is on the same key, and goes on opening its recordings"));
    print(out, impact.now());
  }

  static void print(PrintStream out, OrphanReport report) {
    out.println("Of " + Count.of(report.recordings(), "recording") + ", encrypted: "
        + report.encrypted() + ", without a key now: " + report.orphans());
    report.examples().forEach(id -> out.println("  " + id));
    if (report.orphans() > report.examples().size()) {
      out.println("  and " + (report.orphans() - report.examples().size()) + " more");
    }
    report
        .missingKeys()
        .forEach((certificate, recordings) ->
            out.println("  the private key of " + certificate + " would open " + recordings));
    out.flush();
  }

  static Map<String, @Nullable Object> json(DeletionImpact impact, boolean deleted) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("alias", impact.entry().alias());
    json.put("deleted", deleted);
    json.put("unreadable", impact.unreadable());
    json.put("examples", impact.examples().stream().map(Object::toString).toList());
    json.put("sameKeyAlias", impact.heir().orElse(null));
    json.put("orphans", json(impact.now()));
    return json;
  }

  static Map<String, @Nullable Object> json(OrphanReport report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("recordings", report.recordings());
    json.put("encrypted", report.encrypted());
    json.put("orphans", report.orphans());
    json.put("examples", report.examples().stream().map(Object::toString).toList());
    json.put("missingKeys", report.missingKeys());
    return json;
  }
}
