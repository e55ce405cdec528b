package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.store.Tenant;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The key pairs of a key store for people and for programs to read. */
final class KeyTable {
  private static final String ROW = "%-20s %-8s %-10s %-9s %s%n";

  private KeyTable() {}

  static void print(PrintStream out, List<KeyEntry> entries) {
    out.printf(Locale.ROOT, ROW, "ALIAS", "STATE", "EXPIRES", "KEY", "CERTIFICATE");
    for (KeyEntry entry : entries) {
      var certificate = entry.certificate();
      out.printf(
          Locale.ROOT,
          ROW,
          entry.alias(),
          state(entry),
          certificate.notAfter().toString().substring(0, 10),
          "RSA " + certificate.modulusBits(),
          certificate.subject() + " #" + certificate.serialNumber()
              + (entry.limits().onlyOaep() ? " (only OAEP)" : ""));
    }
    out.flush();
  }

  static Map<String, @Nullable Object> json(KeyEntry entry) {
    var certificate = entry.certificate();
    Tenant tenant = entry.limits().tenant();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("alias", entry.alias());
    json.put("state", state(entry));
    json.put("subject", certificate.subject());
    json.put("issuer", certificate.issuer());
    json.put("serialNumber", certificate.serialNumber());
    json.put("notBefore", certificate.notBefore().toString());
    json.put("notAfter", certificate.notAfter().toString());
    json.put("modulusBits", certificate.modulusBits());
    json.put("subjectKeyIdentifier", certificate.subjectKeyIdentifier().hex());
    json.put("publicKeySha256", entry.publicKeySha256());
    json.put("chainLength", entry.chain().size());
    json.put("onlyOaep", entry.limits().onlyOaep());
    json.put("contactCenter", tenant == null ? null : tenant.contactCenterId());
    json.put("tenant", tenant == null ? null : tenant.name());
    json.put("imported", entry.imported().toString());
    return json;
  }

  private static String state(KeyEntry entry) {
    return entry.state(Instant.now()).name().toLowerCase(Locale.ROOT);
  }
}
