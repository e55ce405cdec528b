package dev.tapeseal.authority;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Whom a recording certificate is for. Every part is required but the e-mail address and the serial number, and bounded
 * as X.520 bounds it (RFC 5280 appendix A.1). Immutable.
 *
 * <pre>{@code
 * SubjectName.builder()
 *     .commonName("Interaction Recording").organization("Monster & Sons, Inc.")
 *     .organizationalUnit("Contact Center").locality("Daly City").state("California").country("US")
 *     .build();
 * }</pre>
 */
public final class SubjectName {
  private final Map<Part, String> parts;

  private SubjectName(Map<Part, String> parts) {
    this.parts = new EnumMap<>(parts);
  }

  /** The parts of a name, in the order in which OpenSSL asks for them. */
  public enum Part {
    COUNTRY("C", "Country", "US", "2.5.4.6", "[A-Za-z]{2}", "two letters"),
    STATE("ST", "State or Province", "California", "2.5.4.8", 128),
    LOCALITY("L", "City or Locality", "Pleasant Hill", "2.5.4.7", 128),
    ORGANIZATION("O", "Organization", "Monster & Sons, Inc.", "2.5.4.10", 64),
    ORGANIZATIONAL_UNIT("OU", "Organization Unit", "Robot Repairs", "2.5.4.11", 64),
    COMMON_NAME("CN", "Common Name", "Interaction Recording", "2.5.4.3", 64),
    /** X.520's serialNumber: a device's or an inventory's, not the certificate's own. */
    SERIAL_NUMBER(
        "serialNumber",
        "Serial Number",
        "GIR-0042",
        "2.5.4.5",
        "[A-Za-z0-9 '()+,./:=?-]{1,64}",
        "1 to 64 letters, digits, blanks or '()+,-./:=?"),
    EMAIL(
        "e-mail",
        "E-mail",
        "recording@monster.example",
        "1.2.840.113549.1.9.1",
        "(?=.{3,255}$)[!-~]+@[!-~]+",
        "name@host in ASCII, at most 255 characters");

    private final String label;
    private final String description;
    private final String example;
    private final String oid;
    private final Pattern syntax;
    private final String expected;

    Part(String label, String description, String example, String oid, int max) {
      // A character, and one that is no blank among them.
      this(
          label,
          description,
          example,
          oid,
          "(?=.*\\S)[\\s\\S]{1," + max + "}",
          "1 to " + max + " characters");
    }

    Part(
        String label,
        String description,
        String example,
        String oid,
        String syntax,
        String expected) {
      this.label = label;
      this.description = description;
      this.example = example;
      this.oid = oid;
      this.syntax = Pattern.compile(syntax, Pattern.UNICODE_CHARACTER_CLASS | Pattern.DOTALL);
      this.expected = expected;
    }

    /** Its short name, for example {@code OU}. */
    public String label() {
      return label;
    }

    /** Its name for people, as the documented table has it, for example {@code Organization Unit}. */
    public String description() {
      return description;
    }

    /** What it may look like. */
    public String example() {
      return example;
    }

    /** Whether a name must have it. */
    public boolean isRequired() {
      return this != SERIAL_NUMBER && this != EMAIL;
    }

    /**
     * A value as a name takes it.
     *
     * @throws IllegalArgumentException where it is empty, too long, or not what it should be
     */
    public String checked(String value) {
      if (value.codePoints().anyMatch(Part::isUnreadable)) {
        throw new IllegalArgumentException(label
            + ": control or unreadable characters (expected: none; where letters beyond ASCII were"
            + " typed, a UTF-8 locale such as LANG=C.UTF-8)");
      }
      // Counted by code points, as X.520 counts.
      if (!syntax.matcher(value).matches()) {
        throw new IllegalArgumentException(
            label + ": '" + value + "' (expected: " + expected + ", for example " + example + ")");
      }
      return this == COUNTRY ? value.toUpperCase(Locale.ROOT) : value;
    }

    /** What a shell in another encoding makes of a letter is U+FFFD: it would stand in the name for years. */
    private static boolean isUnreadable(int character) {
      return Character.isISOControl(character)
          || character == '\uFFFD'
          || Character.getType(character) == Character.SURROGATE; // half a character
    }

    ASN1ObjectIdentifier type() {
      return new ASN1ObjectIdentifier(oid);
    }
  }

  /** Starts with no part set. */
  public static Builder builder() {
    return new Builder();
  }

  /** A part, where the name has it. */
  public Optional<String> value(Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /** In the order in which OpenSSL asks for the parts. */
  X500Name toX500Name() {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    parts.forEach((part, value) -> name.addRDN(part.type(), value));
    return name.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SubjectName that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return parts.toString();
  }

  /** Collects the parts of a name, each under its own; each is checked as it is given. */
  public static final class Builder {
    private final Map<Part, String> parts = new EnumMap<>(Part.class);

    private Builder() {}

    public Builder commonName(String value) {
      return set(Part.COMMON_NAME, value);
    }

    public Builder organization(String value) {
      return set(Part.ORGANIZATION, value);
    }

    public Builder organizationalUnit(String value) {
      return set(Part.ORGANIZATIONAL_UNIT, value);
    }

    public Builder locality(String value) {
      return set(Part.LOCALITY, value);
    }

    public Builder state(String value) {
      return set(Part.STATE, value);
    }

    public Builder country(String value) {
      return set(Part.COUNTRY, value);
    }

    public Builder email(String value) {
      return set(Part.EMAIL, value);
    }

    /**
     * Sets any part.
     *
     * @throws IllegalArgumentException where the value is empty, too long, or not what it should be
     */
    public Builder set(Part part, String value) {
      parts.put(part, part.checked(value));
      return this;
    }

    /** The required parts that are not set yet. */
    public List<Part> missing() {
      return Stream.of(Part.values())
          .filter(part -> part.isRequired() && !parts.containsKey(part))
          .toList();
    }

    /**
     * The name.
     *
     * @throws IllegalArgumentException where required parts are missing, naming all of them
     */
    public SubjectName build() {
      List<Part> missing = missing();
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException("subject name: without "
            + String.join(", ", missing.stream().map(Part::label).toList())
            + " (expected: C, ST, L, O, OU and CN)");
      }
      return new SubjectName(parts);
    }
  }
}
