package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NIST's Public Key Interoperability Test Suite, through the path validator alone. */
class PkitsTest {
  private static final Instant AT = Instant.parse("2024-06-01T00:00:00Z");
  private static final String NIST_TEST_POLICY = "2.16.840.1.101.3.2.1.48.";

  /** Those that are to be refused, of the ones whose names do not say so. */
  private static final Set<String> REFUSED = Set.of(
      "DifferentPoliciesTest4",
      "DifferentPoliciesTest5",
      "DifferentPoliciesTest7",
      "DifferentPoliciesTest8",
      "DifferentPoliciesTest9",
      "DifferentPoliciesTest12");

  /** What we answer otherwise than the suite expects, and why: nothing. */
  private static final Map<String, String> MISSES = Map.of();

  private static final Map<String, X509Certificate> END_ENTITIES = new TreeMap<>();
  private static final List<X509Certificate> AUTHORITIES = new ArrayList<>();
  private static final List<X509CRL> REVOCATION_LISTS = new ArrayList<>();

  @BeforeAll
  static void read() throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (Path file : Vectors.files("pkits/certs")) {
      String name = file.getFileName().toString();
      try (InputStream in = Files.newInputStream(file)) {
        X509Certificate certificate = (X509Certificate) factory.generateCertificate(in);
        if (name.endsWith("EE.crt")) {
          END_ENTITIES.put(name.replace("EE.crt", ""), certificate);
        } else {
          AUTHORITIES.add(certificate);
        }
      }
    }
    for (Path file : Vectors.files("pkits/crls")) {
      try (InputStream in = Files.newInputStream(file)) {
        REVOCATION_LISTS.add((X509CRL) factory.generateCRL(in));
      }
    }
  }

  @Test
  void everyEndEntity_isJudgedAsTheSuiteDoes() {
    Map<String, String> misses = new TreeMap<>();
    for (String name : END_ENTITIES.keySet()) {
      boolean expected = !name.startsWith("Invalid") && !REFUSED.contains(name);
      String refusal = refusal(name, PathInputs.ANY);
      if (refusal.isEmpty() != expected) {
        misses.put(name, expected ? refusal : "accepted");
      }
    }

    assertThat(END_ENTITIES).hasSize(223);
    assertThat(misses.keySet()).as("%s", misses).isEqualTo(MISSES.keySet());
  }

  @ParameterizedTest(name = "{0} for policies {1}, {2}: {3}")
  @CsvSource(
      nullValues = "any",
      value = {
        "ValidCertificatePathTest1, any, explicit, accepted",
        "ValidCertificatePathTest1, 1, explicit, accepted",
        "ValidCertificatePathTest1, 2, explicit, refused",
        "ValidCertificatePathTest1, 1 2, explicit, accepted",
        "AllCertificatesNoPoliciesTest2, any, explicit, refused",
        "DifferentPoliciesTest3, any, explicit, refused",
        "DifferentPoliciesTest3, 1 2, explicit, refused",
        "OverlappingPoliciesTest6, 1, , accepted",
        "OverlappingPoliciesTest6, 2, , refused",
        "AllCertificatesSamePoliciesTest10, 1, , accepted",
        "AllCertificatesSamePoliciesTest10, 2, , accepted",
        "AllCertificatesanyPolicyTest11, 1, , accepted",
        "AllCertificatesSamePoliciesTest13, 1, , accepted",
        "AllCertificatesSamePoliciesTest13, 2, , accepted",
        "AllCertificatesSamePoliciesTest13, 3, , accepted",
        "AnyPolicyTest14, 1, , accepted",
        "AnyPolicyTest14, 2, , refused",
        "UserNoticeQualifierTest18, 1, , accepted",
        "UserNoticeQualifierTest18, 2, , accepted",
        "ValidPolicyMappingTest1, 1, , accepted",
        "ValidPolicyMappingTest1, 2, , refused",
        "ValidPolicyMappingTest1, any, unmapped, refused",
        "ValidPolicyMappingTest3, 1, , refused",
        "ValidPolicyMappingTest3, 2, , accepted",
        "ValidPolicyMappingTest5, 1, , accepted",
        "ValidPolicyMappingTest5, 6, , refused",
        "ValidPolicyMappingTest6, 1, , accepted",
        "ValidPolicyMappingTest6, 6, , refused",
        "ValidPolicyMappingTest12, 1, , accepted",
        "ValidPolicyMappingTest12, 2, , accepted",
        "inhibitAnyPolicyTest3, any, noAny, refused",
      })
  void policyInputs_areObeyed(String name, String policies, String input, String expected) {
    Set<String> accepted = policies == null
        ? Set.of()
        : Arrays.stream(policies.split(" "))
            .map(number -> NIST_TEST_POLICY + number)
            .collect(Collectors.toSet());
    String flag = String.valueOf(input);
    PathInputs inputs = new PathInputs(
        accepted,
        flag.equals("explicit"),
        flag.equals("unmapped"),
        flag.equals("noAny"),
        Integer.MAX_VALUE);

    String refusal = refusal(name, inputs);

    assertThat(refusal.isEmpty() ? "accepted" : "refused").as(refusal).isEqualTo(expected);
  }

  /** Empty where it is accepted. */
  private static String refusal(String name, PathInputs inputs) {
    X509Certificate anchor = AUTHORITIES.stream()
        .filter(authority -> authority.getSubjectX500Principal().getName().contains("Trust Anchor"))
        .findFirst()
        .orElseThrow();
    PathValidator validator = new PathValidator(
        List.of(anchor), AUTHORITIES, REVOCATION_LISTS, inputs, AuthorityRule.NONE);
    X509Certificate endEntity = Objects.requireNonNull(END_ENTITIES.get(name), name);
    try {
      assertThat(validator.validate(endEntity, AT)).startsWith(endEntity).endsWith(anchor);
      return "";
    } catch (PathException e) {
      return e.reason() + ": " + e.getMessage();
    }
  }
}
