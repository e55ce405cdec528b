package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PKCS12Attribute;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.jspecify.annotations.Nullable;

/**
 * What a key store knows of a key beside key and certificates: bag attributes of its PKCS#12 entry (RFC 7292 section
 * 4.2), under object identifiers of our own. PKCS#12 has a place for them, so keytool, openssl and Java programs read
 * the file as any other, and carry them along or pass over them. No other file has to be kept in step.
 *
 * <p>The identifiers are under 2.25, where anybody may make one of a UUID (X.667). Texts that could mean something to
 * {@link PKCS12Attribute}, which guesses the type by the look, are written as octets of UTF-8.
 */
final class EntryAttributes {
  private static final String OURS = "2.25.184809489713810533233401843457669887119.";
  private static final String IMPORTED = OURS + 1;
  private static final String RETIRED = OURS + 2;
  private static final String ONLY_OAEP = OURS + 3;
  private static final String CONTACT_CENTER = OURS + 4;
  private static final String TENANT = OURS + 5;
  private static final String FORMER_IDENTIFIERS = OURS + 6;

  private static final String YES = "yes";
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  private final Map<String, String> values;

  private EntryAttributes(Map<String, String> values) {
    this.values = values;
  }

  /** The attributes of ours among those of a stored entry. */
  static EntryAttributes of(Set<KeyStore.Entry.Attribute> stored) {
    Map<String, String> ours = new HashMap<>();
    for (KeyStore.Entry.Attribute attribute : stored) {
      if (attribute.getName().startsWith(OURS)) {
        ours.put(attribute.getName(), attribute.getValue());
      }
    }
    return new EntryAttributes(ours);
  }

  /** What is stored of an entry, together with the attributes that others gave it. */
  static Set<KeyStore.Entry.Attribute> of(KeyEntry entry, Set<KeyStore.Entry.Attribute> others) {
    Set<KeyStore.Entry.Attribute> attributes = others.stream()
        .filter(other -> !other.getName().startsWith(OURS))
        .collect(Collectors.toCollection(HashSet::new));
    attributes.add(new PKCS12Attribute(IMPORTED, entry.imported().toString()));
    if (entry.retired()) {
      attributes.add(new PKCS12Attribute(RETIRED, YES));
    }
    if (entry.limits().onlyOaep()) {
      attributes.add(new PKCS12Attribute(ONLY_OAEP, YES));
    }
    Tenant tenant = entry.limits().tenant();
    if (tenant != null) {
      attributes.add(new PKCS12Attribute(CONTACT_CENTER, octets(tenant.contactCenterId())));
      attributes.add(new PKCS12Attribute(TENANT, octets(tenant.name())));
    }
    if (!entry.formerIdentifiers().isEmpty()) {
      attributes.add(new PKCS12Attribute(
          FORMER_IDENTIFIERS,
          entry.formerIdentifiers().stream()
              .map(identifier -> COLONS.formatHex(encoded(identifier)))
              .sorted()
              .collect(Collectors.joining(", ", "[", "]"))));
    }
    return attributes;
  }

  /**
   * When the key was imported.
   *
   * @param otherwise where the entry is another program's
   */
  Instant imported(Instant otherwise) {
    String text = values.get(IMPORTED);
    return text == null ? otherwise : Instant.parse(text);
  }

  boolean retired() {
    return values.containsKey(RETIRED);
  }

  KeyLimits limits() {
    @Nullable String contactCenter = values.get(CONTACT_CENTER);
    @Nullable String tenant = values.get(TENANT);
    return new KeyLimits(
        values.containsKey(ONLY_OAEP),
        contactCenter == null || tenant == null
            ? null
            : new Tenant(text(contactCenter), text(tenant)));
  }

  /** Fails with a {@link RuntimeException} of any kind where they are damaged. */
  Set<IssuerAndSerialNumber> formerIdentifiers() throws IOException {
    String all = values.get(FORMER_IDENTIFIERS);
    Set<IssuerAndSerialNumber> identifiers = new HashSet<>();
    if (all != null) {
      for (String one : all.replace("[", "").replace("]", "").split(", ", -1)) {
        identifiers.add(decoded(COLONS.parseHex(one)));
      }
    }
    return identifiers;
  }

  private static String octets(String text) {
    return COLONS.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String octets) {
    return new String(COLONS.parseHex(octets), StandardCharsets.UTF_8);
  }

  /** IssuerAndSerialNumber as CMS has it (RFC 5652 section 10.2.4). */
  private static byte[] encoded(IssuerAndSerialNumber identifier) {
    try {
      return new DERSequence(new ASN1Encodable[] {
            ASN1Primitive.fromByteArray(identifier.issuer().getEncoded()),
            new ASN1Integer(identifier.serialNumber())
          })
          .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a name and a number always encode", e);
    }
  }

  private static IssuerAndSerialNumber decoded(byte[] der) throws IOException {
    ASN1Sequence sequence = ASN1Sequence.getInstance(der);
    BigInteger serialNumber = ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue();
    return new IssuerAndSerialNumber(
        new X500Principal(sequence.getObjectAt(0).toASN1Primitive().getEncoded()), serialNumber);
  }
}
