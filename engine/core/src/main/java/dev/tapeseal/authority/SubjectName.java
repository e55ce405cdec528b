package dev.tapeseal.authority;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.jspecify.annotations.Nullable;

/**
 * Whom a recording certificate is for. Every part is required but the e-mail address, and bounded as X.520 bounds it
 * (RFC 5280 appendix A.1).
 *
 * <pre>{@code
 * SubjectName.builder()
 *     .commonName("Interaction Recording").organization("Monster & Sons, Inc.")
 *     .organizationalUnit("Contact Center").locality("Daly City").state("California").country("US")
 *     .build();
 * }</pre>
 *
 * @param commonName CN, the recording solution's name, 1 to 64 characters
 * @param organization O, the exact legal name, 1 to 64 characters
 * @param organizationalUnit OU, 1 to 64 characters
 * @param locality L, 1 to 128 characters
 * @param state ST, in full, 1 to 128 characters
 * @param country C, two letters
 * @param email ASCII, 3 to 255 characters
 */
public record SubjectName(
    String commonName,
    String organization,
    String organizationalUnit,
    String locality,
    String state,
    String country,
    @Nullable String email) {

  /** Refuses parts that are empty, too long, or not what they should be. */
  public SubjectName {
    requireLength("CN", commonName, 64);
    requireLength("O", organization, 64);
    requireLength("OU", organizationalUnit, 64);
    requireLength("L", locality, 128);
    requireLength("ST", state, 128);
    if (!country.matches("[A-Za-z]{2}")) {
      throw new IllegalArgumentException(
          "C: '" + country + "' (expected: two letters, for example US)");
    }
    country = country.toUpperCase(Locale.ROOT);
    if (email != null && (email.length() > 255 || !email.matches("[!-~]+@[!-~]+"))) {
      throw new IllegalArgumentException(
          "e-mail: '" + email + "' (expected: name@host in ASCII, at most 255 characters)");
    }
  }

  /** Starts with no part set. */
  public static Builder builder() {
    return new Builder();
  }

  static void requireLength(String part, String value, int maxCharacters) {
    if (value.isBlank() || value.length() > maxCharacters) {
      throw new IllegalArgumentException(
          part + ": '" + value + "' (expected: 1 to " + maxCharacters + " characters)");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(part + ": control characters (expected: none)");
    }
  }

  /** In the order in which OpenSSL asks for the parts. */
  X500Name toX500Name() {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.C, country)
        .addRDN(BCStyle.ST, state)
        .addRDN(BCStyle.L, locality)
        .addRDN(BCStyle.O, organization)
        .addRDN(BCStyle.OU, organizationalUnit)
        .addRDN(BCStyle.CN, commonName);
    return email == null
        ? name.build()
        : name.addRDN(BCStyle.EmailAddress, email).build();
  }

  /** Collects the parts of a name, each under its own. */
  public static final class Builder {
    private @Nullable String commonName;
    private @Nullable String organization;
    private @Nullable String organizationalUnit;
    private @Nullable String locality;
    private @Nullable String state;
    private @Nullable String country;
    private @Nullable String email;

    private Builder() {}

    public Builder commonName(String value) {
      commonName = value;
      return this;
    }

    public Builder organization(String value) {
      organization = value;
      return this;
    }

    public Builder organizationalUnit(String value) {
      organizationalUnit = value;
      return this;
    }

    public Builder locality(String value) {
      locality = value;
      return this;
    }

    public Builder state(String value) {
      state = value;
      return this;
    }

    public Builder country(String value) {
      country = value;
      return this;
    }

    public Builder email(String value) {
      email = value;
      return this;
    }

    /**
     * The name.
     *
     * @throws IllegalArgumentException where required parts are missing, naming all of them, or one is not as it should
     *     be
     */
    public SubjectName build() {
      List<String> missing = new ArrayList<>();
      String cn = required("CN", commonName, missing);
      String o = required("O", organization, missing);
      String ou = required("OU", organizationalUnit, missing);
      String l = required("L", locality, missing);
      String st = required("ST", state, missing);
      String c = required("C", country, missing);
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException("subject name: without " + String.join(", ", missing)
            + " (expected: CN, O, OU, L, ST and C)");
      }
      return new SubjectName(cn, o, ou, l, st, c, email);
    }

    private static String required(String part, @Nullable String value, List<String> missing) {
      if (value == null) {
        missing.add(part);
        return "";
      }
      return value;
    }
  }
}
