package dev.tapeseal.cli;

import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.certificate.CertificateDetails;
import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.PemBlock;
import dev.tapeseal.certificate.PemException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in a file of certificates, requests or keys, PEM or the DER of one of them, block by block. It is long
 * because there are many kinds of files that people take for a certificate.
 *
 * @param kind of the whole file, for example {@code bundle}
 * @param items one a block, at least one
 * @param warnings what should not be in such a file
 */
record InspectedFile(String kind, List<Item> items, List<String> warnings) {
  private static final List<String> KEY_USAGES = List.of(
      "digital signature",
      "non-repudiation",
      "key encipherment",
      "data encipherment",
      "key agreement",
      "certificate signing",
      "CRL signing",
      "encipher only",
      "decipher only");
  private static final int SEQUENCE = 0x30;

  /** One block: its kind, and what it says in the order in which it is shown. */
  record Item(String kind, List<Row> rows) {}

  /**
   * One line.
   *
   * @param label for people
   * @param name of the JSON member
   * @param value a text, a boolean or a list of texts; null where there is none
   * @param shown what people read where there is none
   */
  record Row(String label, String name, @Nullable Object value, String shown) {
    static Row of(String label, String name, Object value) {
      String text = value instanceof List<?> list
          ? String.join(", ", list.stream().map(String::valueOf).toList())
          : String.valueOf(value);
      return new Row(label, name, value, text);
    }
  }

  /**
   * Reads a file's bytes, which stay the caller's.
   *
   * @param password of a private key in it; without one an encrypted key's details stay hidden
   * @throws CommandException saying what else the file is
   */
  static InspectedFile of(byte[] bytes, String source, @Nullable KeyPassword password)
      throws RecordingCertificateException, IssuanceException, PrivateKeyException {
    byte[] pem = bytes;
    if (bytes.length > 1 && (bytes[0] & 0xff) == SEQUENCE) {
      pem = armoured(bytes, source);
    }
    try (Pem parsed = Pem.parse(pem, source)) {
      List<Item> items = new ArrayList<>();
      for (PemBlock block : parsed.blocks()) {
        items.add(item(block, source, password));
      }
      return new InspectedFile(kind(items), items, parsed.warnings());
    } catch (PemException e) {
      throw new CommandException(ExitCode.FAILED, whatItIs(bytes, source, e), e);
    }
  }

  private static String kind(List<Item> items) {
    List<String> kinds = items.stream().map(Item::kind).distinct().toList();
    if (items.size() == 1) {
      return kinds.get(0);
    }
    return kinds.equals(List.of("certificate")) ? "bundle" : "several blocks";
  }

  private static Item item(PemBlock block, String source, @Nullable KeyPassword password)
      throws RecordingCertificateException, IssuanceException, PrivateKeyException {
    String label = block.label();
    switch (label) {
      case "CERTIFICATE", "X509 CERTIFICATE" -> {
        byte[] pem = Pem.encode("CERTIFICATE", block.der());
        return certificate(RecordingCertificate.parse(pem, source).get(0));
      }
      case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" -> {
        return request(CertificateRequest.parse(Pem.encode(label, block.der()), source));
      }
      case "PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" -> {
        return privateKey(block, source, password);
      }
      default -> {
        return new Item(label.toLowerCase(Locale.ROOT), List.of());
      }
    }
  }

  private static List<Row> details(CertificateDetails details, String noSerialNumber) {
    return List.of(
        Row.of("Subject Name", "subjectName", details.subjectName()),
        details.serialNumber() == null
            ? new Row("Serial Number", "serialNumber", null, noSerialNumber)
            : Row.of("Serial Number", "serialNumber", details.serialNumber()),
        Row.of("Subject DN", "subjectDn", details.subjectDn()),
        details.issuerDn() == null
            ? new Row("Issuer DN", "issuerDn", null, "(none: it is the CA's that signs it)")
            : Row.of("Issuer DN", "issuerDn", details.issuerDn()),
        Row.of("Key Details", "keyDetails", details.keyDetails()));
  }

  private static Item certificate(RecordingCertificate certificate) {
    List<Row> rows = new ArrayList<>(details(CertificateDetails.of(certificate), ""));
    rows.add(Row.of("Valid From", "validFrom", certificate.notBefore().toString()));
    rows.add(Row.of("Valid To", "validTo", certificate.notAfter().toString()));
    rows.add(Row.of("Signature", "signature", certificate.x509().getSigAlgName()));
    int pathLength = certificate.x509().getBasicConstraints();
    String ca = pathLength < 0
        ? "no"
        : pathLength == Integer.MAX_VALUE ? "yes" : "yes, path length " + pathLength;
    rows.add(new Row("CA", "ca", pathLength >= 0, ca));
    boolean[] usage = certificate.x509().getKeyUsage();
    rows.add(
        usage == null
            ? new Row("Key Usage", "keyUsage", null, "(not restricted)")
            : Row.of(
                "Key Usage",
                "keyUsage",
                IntStream.range(0, Math.min(usage.length, KEY_USAGES.size()))
                    .filter(i -> usage[i])
                    .mapToObj(KEY_USAGES::get)
                    .toList()));
    rows.add(Row.of(
        "Key Identifier",
        "subjectKeyIdentifier",
        certificate.subjectKeyIdentifier().hex()));
    rows.add(Row.of("Key SHA-256", "publicKeySha256", certificate.publicKeySha256()));
    return new Item("certificate", rows);
  }

  private static Item request(CertificateRequest request) {
    List<Row> rows =
        new ArrayList<>(details(request.details(), "(none: the CA gives the certificate one)"));
    rows.add(Row.of("Signature", "signature", request.signatureAlgorithm()));
    boolean valid = request.isSignatureValid();
    rows.add(new Row(
        "Signed By",
        "signatureValid",
        valid,
        valid
            ? "its own key"
            : "NOT its own key: the request was changed, or is not its sender's"));
    rows.add(list("Lacks", "missing", request.missingParts(), "(nothing)"));
    rows.add(
        list("Asks For", "requestedExtensions", request.requestedExtensions(), "(no extensions)"));
    return new Item("certificate request", rows);
  }

  private static Row list(String label, String name, List<String> values, String none) {
    return values.isEmpty() ? new Row(label, name, values, none) : Row.of(label, name, values);
  }

  private static Item privateKey(PemBlock block, String source, @Nullable KeyPassword password)
      throws PrivateKeyException {
    boolean isPkcs1 = block.label().startsWith("RSA");
    boolean isEncrypted =
        block.label().startsWith("ENCRYPTED") || block.headers().containsKey("DEK-Info");
    List<Row> rows = new ArrayList<>();
    rows.add(keyDetails(block, source, isEncrypted ? password : null));
    rows.add(Row.of("Form", "form", isPkcs1 ? "PKCS#1" : "PKCS#8"));
    rows.add(new Row("Encrypted", "encrypted", isEncrypted, isEncrypted ? "yes" : "no"));
    return new Item("private key", rows);
  }

  private static Row keyDetails(PemBlock block, String source, @Nullable KeyPassword password)
      throws PrivateKeyException {
    byte[] pem = encode(block);
    try (RecordingKey key = RecordingKey.parse(pem, source, password)) {
      return Row.of("Key Details", "keyDetails", CertificateDetails.keyDetails(key.publicKey()));
    } catch (PrivateKeyException.PasswordMissing e) {
      return new Row(
          "Key Details", "keyDetails", null, "(hidden: --password-file FILE opens the key)");
    } catch (PrivateKeyException.NotRsa e) {
      return new Row("Key Details", "keyDetails", null, "(" + e.getMessage() + ")");
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  /** The block alone, its headers included, since other blocks of the file may be keys, too. */
  private static byte[] encode(PemBlock block) {
    byte[] plain = Pem.encode(block.label(), block.der());
    if (block.headers().isEmpty()) {
      return plain;
    }
    StringBuilder headers = new StringBuilder();
    block.headers().forEach((name, value) -> headers.append(name + ": " + value + "\n"));
    String text = new String(plain, StandardCharsets.US_ASCII); // encrypted, so no secret
    int firstLine = text.indexOf('\n') + 1;
    return (text.substring(0, firstLine) + headers + "\n" + text.substring(firstLine))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** DER as the PEM block that it would be; as it is where it is none, to be named as what it is. */
  private static byte[] armoured(byte[] der, String source) {
    return Stream.of("CERTIFICATE", "CERTIFICATE REQUEST", "PRIVATE KEY")
        .map(label -> Pem.encode(label, der))
        .filter(pem -> isReadable(pem, source))
        .findFirst()
        .orElse(der);
  }

  private static boolean isReadable(byte[] pem, String source) {
    try (Pem parsed = Pem.parse(pem, source)) {
      item(parsed.blocks().get(0), source, null);
      return true;
    } catch (PemException
        | RecordingCertificateException
        | IssuanceException
        | PrivateKeyException notThat) {
      return false;
    }
  }

  private static String whatItIs(byte[] bytes, String source, PemException notPem) {
    String start = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 24));
    String expected = " (expected: a certificate, a CA bundle, a request or a key, in PEM or DER)";
    if (bytes.length == 0) {
      return source + ": empty" + expected;
    }
    if (start.startsWith("feedfeed") || start.startsWith("cececece")) {
      return source + ": a Java key store" + expected + "; see tapeseal keystore list";
    }
    if (start.matches("30(8[0-4])?.*020103.*")) {
      return source + ": probably a PKCS#12 key store" + expected
          + "; see tapeseal keystore list, or openssl pkcs12 -in FILE -nokeys";
    }
    if (start.contains("06092a864886f70d010702")) {
      return source + ": PKCS#7 signed data" + expected
          + "; unpack it with openssl pkcs7 -inform DER -in FILE -print_certs";
    }
    if (start.contains("06092a864886f70d010703")) {
      return source + ": an encrypted recording or message (PKCS#7)" + expected
          + "; see tapeseal inspect";
    }
    return notPem.getMessage() + "; and no DER either" + expected;
  }
}
