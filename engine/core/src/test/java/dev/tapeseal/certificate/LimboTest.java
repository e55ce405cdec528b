package dev.tapeseal.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** C2SP's x509-limbo, through the path validator alone: what should succeed succeeds, what should fail fails. */
class LimboTest {
  private static final String RULE = "rule ";
  private static final String AUTHORITY_RULE = "rule for authorities";

  /**
   * What the path validator accepts and the suite does not, each with the reason; nothing is refused that should
   * succeed. What a rule of the policy refuses is shown below to be refused by it.
   */
  private static final String DEVIATIONS = """
      cve::cve-2025-61727 | host names: what a wildcard stands for is the business of TLS clients
      rfc5280::nc::nc-forbids-dnsname-wildcard-san | host names: what a wildcard stands for is the business of TLS clients
      rfc5280::nc::invalid-dnsname-leading-period | host names: a constraint with a leading period is common, and read as its subdomains
      rfc5280::ca-as-leaf-wrong-san | host names
      webpki::san::mismatch-apex-subdomain-san | host names
      webpki::san::mismatch-domain-san | host names
      webpki::san::mismatch-subdomain-apex-san | host names
      webpki::san::mismatch-subdomain-san | host names
      webpki::san::wildcard-embedded-leftmost-san | host names
      webpki::san::wildcard-embedded-ulabel-san | host names
      webpki::san::wildcard-match-across-labels-san | host names
      webpki::san::wildcard-not-in-leftmost-san | host names
      rfc5280::san::ip-in-dns | alternative names: recordings are not encrypted for a host
      rfc5280::san::underscore-dns | alternative names: recordings are not encrypted for a host
      webpki::san::no-san | alternative names: not needed
      webpki::san::public-suffix-multi-label-wildcard-san | alternative names: no list of public suffixes
      webpki::san::public-suffix-private-namespace-wildcard-san | alternative names: no list of public suffixes
      webpki::san::public-suffix-wildcard-san | alternative names: no list of public suffixes
      webpki::san::san-critical-with-nonempty-subject | alternative names: a browser rule
      webpki::san::san-wildcard-only | alternative names: recordings are not encrypted for a host
      webpki::san::san-wildcard-only-tld | alternative names: recordings are not encrypted for a host
      webpki::san::unicode-emoji-san | alternative names: recordings are not encrypted for a host
      webpki::cn::case-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::ipv4-hex-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::ipv4-leading-zeros-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::ipv6-non-rfc5952-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::ipv6-uncompressed-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::ipv6-uppercase-mismatch | browser rule: a common name need not be an alternative name
      webpki::cn::not-in-san | browser rule: a common name need not be an alternative name
      webpki::cn::punycode-not-in-san | browser rule: a common name need not be an alternative name
      webpki::cn::utf8-vs-punycode-mismatch | browser rule: a common name need not be an alternative name
      webpki::aki::root-with-aki-all-fields | browser rule: the key identifiers of roots
      webpki::aki::root-with-aki-authoritycertissuer | browser rule: the key identifiers of roots
      webpki::aki::root-with-aki-authoritycertserialnumber | browser rule: the key identifiers of roots
      webpki::aki::root-with-aki-missing-keyidentifier | browser rule: the key identifiers of roots
      webpki::aki::root-with-aki-ski-mismatch | browser rule: the key identifiers of roots
      webpki::eku::ee-anyeku | browser rule: any purpose includes ours
      webpki::eku::ee-critical-eku | rule extended-key-usage
      webpki::eku::ee-without-eku | browser rule: a certificate without purposes is for all
      webpki::eku::root-has-eku | browser rule: the purposes of roots
      webpki::malformed-aia | browser rule: nothing is fetched, so this extension is not read
      rfc5280::nc::permitted-dns-match-noncritical | issuing profile: obeyed though not critical
      rfc5280::pc::ica-noncritical-pc | issuing profile: obeyed though not critical, as PKITS demands
      rfc5280::root-non-critical-basic-constraints | issuing profile: older roots have it so
      rfc5280::aki::cross-signed-root-missing-aki | issuing profile: key identifiers only help to find issuers
      rfc5280::aki::intermediate-missing-aki | issuing profile: key identifiers only help to find issuers
      rfc5280::aki::leaf-missing-aki | issuing profile: key identifiers only help to find issuers
      rfc5280::ski::intermediate-missing-ski | issuing profile: key identifiers only help to find issuers
      rfc5280::ski::root-missing-ski | issuing profile: key identifiers only help to find issuers
      crl::crlnumber-missing | CRL: lists as `openssl ca -gencrl` makes them by default have no number
      rfc5280::serial::too-long | rule serial-number
      rfc5280::serial::zero | rule serial-number
      rfc5280::eku::ee-eku-empty | rule extended-key-usage
      rfc5280::eku::ee-wrong-eku | rule extended-key-usage
      webpki::ca-as-leaf | rule end-entity
      webpki::ee-basicconstraints-ca | rule end-entity
      webpki::v1-cert | rule version
      webpki::forbidden-dsa-leaf | rule key-algorithm
      webpki::forbidden-p192-leaf | rule key-algorithm
      webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf | rule key-size
      webpki::forbidden-weak-rsa-in-leaf | rule key-size
      webpki::forbidden-dsa-root | rule for authorities
      webpki::forbidden-rsa-not-divisible-by-8-in-root | rule for authorities
      webpki::forbidden-weak-rsa-key-in-root | rule for authorities
      """;

  private static final Map<String, String> REASONS = DEVIATIONS
      .lines()
      .map(line -> line.split(" \\| ", 2))
      .collect(Collectors.toMap(cells -> cells[0].strip(), cells -> cells[1].strip()));

  private static final Map<String, JsonNode> CASES = new TreeMap<>();

  @BeforeAll
  static void read() throws Exception {
    JsonNode suite = new JsonMapper().readTree(Files.readAllBytes(Vectors.path("limbo-core.json")));
    for (JsonNode testCase : suite.get("testcases")) {
      CASES.put(testCase.get("id").asString(), testCase);
    }
  }

  @Test
  void everyCase_isJudgedAsTheSuiteDoes_orDeviatesForItsReason() {
    Map<String, String> refusedWrongly = new TreeMap<>();
    List<String> acceptedWrongly = new ArrayList<>();
    CASES.forEach((id, testCase) -> {
      String refusal = refusal(testCase, AuthorityRule.NONE);
      boolean isToSucceed = testCase.get("expected_result").asString().equals("SUCCESS");
      if (isToSucceed && !refusal.isEmpty()) {
        refusedWrongly.put(id, refusal);
      } else if (!isToSucceed && refusal.isEmpty()) {
        acceptedWrongly.add(id);
      }
    });

    assertThat(CASES).hasSize(208);
    assertThat(refusedWrongly).isEmpty();
    assertThat(acceptedWrongly).containsExactlyInAnyOrderElementsOf(REASONS.keySet());
  }

  @Test
  void whatIsLeftToARuleOfThePolicy_isRefusedByIt() {
    REASONS.forEach((id, reason) -> {
      JsonNode testCase = Objects.requireNonNull(CASES.get(id), id);
      if (reason.equals(AUTHORITY_RULE)) {
        assertThat(refusal(testCase, ChainRule::objection)).as(id).startsWith("INVALID");
      } else if (reason.startsWith(RULE)) {
        assertThat(brokenRules(testCase)).as(id).contains(reason.substring(RULE.length()));
      }
    });
  }

  private static List<String> brokenRules(JsonNode testCase) {
    try {
      RecordingCertificate certificate =
          RecordingCertificate.of(certificate(testCase.get("peer_certificate").asString()));
      return CertificatePolicy.forRecording().check(certificate, at(testCase)).stream()
          .filter(Verdict::isRefusal)
          .map(Verdict::rule)
          .toList();
    } catch (CertificateException e) {
      throw new IllegalStateException("the path validator read it before", e);
    }
  }

  /** Empty where it is accepted. */
  private static String refusal(JsonNode testCase, AuthorityRule authorityRule) {
    try {
      List<X509CRL> lists = new ArrayList<>();
      for (JsonNode pem : testCase.get("crls")) {
        lists.add((X509CRL) CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(pem.asString().getBytes(US_ASCII))));
      }
      JsonNode depth = testCase.get("max_chain_depth");
      PathInputs inputs = new PathInputs(
          PathInputs.ANY.policies(),
          false,
          false,
          false,
          depth.isNull() ? Integer.MAX_VALUE : depth.asInt());
      new PathValidator(
              certificates(testCase.get("trusted_certs")),
              certificates(testCase.get("untrusted_intermediates")),
              lists,
              inputs,
              authorityRule)
          .validate(certificate(testCase.get("peer_certificate").asString()), at(testCase));
      return "";
    } catch (PathException e) {
      return e.reason() + ": " + e.getMessage();
    } catch (GeneralSecurityException e) {
      return "unreadable: " + e.getMessage();
    }
  }

  private static Instant at(JsonNode testCase) {
    JsonNode time = testCase.get("validation_time");
    return time.isNull()
        ? Instant.parse("2025-06-01T00:00:00Z")
        : OffsetDateTime.parse(time.asString()).toInstant();
  }

  private static List<X509Certificate> certificates(JsonNode pems) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (JsonNode pem : pems) {
      certificates.add(certificate(pem.asString()));
    }
    return certificates;
  }

  private static X509Certificate certificate(String pem) throws CertificateException {
    return RecordingCertificate.parse(pem.getBytes(US_ASCII), "limbo").get(0).x509();
  }
}
