package dev.tapeseal.rcs;

import dev.tapeseal.certificate.CertificateDetails;
import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.keystore.DeletionImpact;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKey;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.keystore.UnreadableRecordings;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recording certificates and their keys: listed, looked at before they are stored, uploaded, shown, and deleted by
 * who has seen what is lost with them. It is longer than most classes because one resource's methods stand together.
 */
final class CertificateResources {
  private static final String PATH = "/rcs/certificates";
  private static final String ONE = PATH + "/{alias}";
  private static final String ACCEPTED = "recordingsBecomeUnreadable";
  private static final int MAX_NAME_IN_ALIAS = 40;
  private static final int DIGEST_IN_ALIAS = 8;

  private final CertificateRules rules;
  private final RecordingStore store;
  private final SessionKeyCache sessionKeys;
  private final AuditLog audit;

  CertificateResources(
      CertificateRules rules, RecordingStore store, SessionKeyCache sessionKeys, AuditLog audit) {
    this.rules = rules;
    this.store = store;
    this.sessionKeys = sessionKeys;
    this.audit = audit;
  }

  List<Route> routes(Guard mayList, Guard mayAdminister) {
    return List.of(
        Route.get(PATH).guardedBy(mayList).handledBy(this::list),
        Route.get(ONE).guardedBy(mayList).handledBy(this::show),
        Route.post(PATH + "/preview")
            .guardedBy(mayAdminister)
            .bodyUpTo(Upload.MAX_BYTES)
            .handledBy(this::preview),
        Route.post(PATH)
            .guardedBy(mayAdminister)
            .bodyUpTo(Upload.MAX_BYTES)
            .handledBy(this::upload),
        Route.get(ONE + "/impact").guardedBy(mayAdminister).handledBy(this::impact),
        Route.delete(ONE).guardedBy(mayAdminister).handledBy(this::delete));
  }

  private Response list(Request request) throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Instant now = rules.now();
    for (KeyEntry entry : known(request).all()) {
      int count = rules.provisioning().profiles().deployedCount(entry.certificate());
      rows.add(CertificateJson.row(entry, count, now));
    }
    return Response.json(200, Map.of("certificates", rows));
  }

  private Response show(Request request) throws IOException {
    return Response.json(200, described(entry(request)));
  }

  private Map<String, @Nullable Object> described(KeyEntry entry) throws IOException {
    RecordingCertificate certificate = entry.certificate();
    List<String> profiles = deployedTo(certificate);
    Map<String, @Nullable Object> answer = CertificateJson.row(entry, profiles.size(), rules.now());
    answer.putAll(CertificateJson.details(entry));
    answer.put("deployedTo", profiles);
    answer.put("screenRecording", isForScreens(certificate));
    answer.put("verdicts", CertificateJson.verdicts(rules.judge(certificate, Optional.empty())));
    return answer;
  }

  private List<String> deployedTo(RecordingCertificate certificate) throws IOException {
    return rules.provisioning().profiles().all().stream()
        .filter(profile -> profile.deployed().contains(certificate))
        .map(IvrProfile::name)
        .map(Object::toString)
        .toList();
  }

  private boolean isForScreens(RecordingCertificate certificate) throws IOException {
    return rules.provisioning().screenCertificates().anywhere(certificate);
  }

  /** What the upload panel shows; whatever cannot be read is said, and nothing is stored. */
  private Response preview(Request request) throws IOException {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    List<Map<String, String>> problems = new ArrayList<>();
    try (Upload upload = Upload.of(request)) {
      List<RecordingCertificate> certificates = List.of();
      if (upload.hasCertificate()) {
        try {
          certificates = upload.certificates();
          answer.putAll(CertificateJson.fields(certificates.get(0)));
        } catch (CertificateUnreadableException e) {
          problems.add(problem("certificate", "certificate-unreadable", e));
        }
      }
      if (upload.hasKey()) {
        try (RecordingKey key = upload.key()) {
          answer.put("keyDetails", CertificateDetails.keyDetails(key.publicKey()));
          if (!certificates.isEmpty()) {
            key.requireMatch(certificates.get(0));
          }
        } catch (PrivateKeyException e) {
          problems.add(problem("key", codeOf(e), e));
        }
      }
      if (!certificates.isEmpty()) {
        List<Verdict> verdicts = rules.judge(certificates.get(0), Optional.empty());
        answer.put("accepted", problems.isEmpty() && !CertificateRules.refuse(verdicts));
        answer.put("verdicts", CertificateJson.verdicts(verdicts));
      }
    }
    answer.put("problems", problems);
    return Response.json(200, answer);
  }

  private static Map<String, String> problem(String part, String code, Exception e) {
    Map<String, String> problem = new LinkedHashMap<>();
    problem.put("part", part);
    problem.put("code", code);
    problem.put("message", String.valueOf(e.getMessage()));
    return problem;
  }

  private Response upload(Request request) throws IOException, RecordingKeyStoreException {
    try (Upload upload = Upload.of(request)) {
      List<RecordingCertificate> certificates = upload.certificates();
      RecordingCertificate certificate = certificates.get(0);
      boolean playbackOnly = upload.text("playbackOnly").orElse("false").equals("true");
      List<Verdict> verdicts = rules.judge(certificate, Optional.empty());
      if (!playbackOnly && CertificateRules.refuse(verdicts)) {
        return refused(verdicts);
      }
      String alias = upload.text("alias").orElseGet(() -> aliasOf(certificate));
      KeyEntry entry;
      try (KeyMaterial material = upload.material(certificates)) {
        entry = rules.keys().importKey(alias, material, KeyLimits.NONE);
      } catch (IllegalArgumentException e) {
        throw new HttpException(
            400, "alias-invalid", String.valueOf(e.getMessage()), "Send another alias, or none.");
      }
      if (playbackOnly) {
        entry = rules.keys().retire(entry.alias());
      }
      known(request).added(entry);
      note("certificate-uploaded", request, entry);
      return Response.json(201, described(entry)).header("Location", PATH + "/" + entry.alias());
    } catch (CertificateUnreadableException e) {
      throw new HttpException(
          422, "certificate-unreadable", String.valueOf(e.getMessage()), "Send PEM.");
    } catch (PrivateKeyException e) {
      throw new HttpException(
          422,
          codeOf(e),
          String.valueOf(e.getMessage()),
          "Send the certificate's private key in PEM, and its password where it has one.");
    }
  }

  /** The answer where the rules forbid a certificate. */
  static Response refused(List<Verdict> verdicts) {
    return Response.json(
        422,
        CertificateJson.error(
            "certificate-refused",
            "Recordings may not be encrypted under this certificate.",
            "The verdicts say which rules it breaks, and the cure; to play old recordings alone, upload it as playbackOnly.",
            "verdicts",
            CertificateJson.verdicts(verdicts)));
  }

  /** For example {@code password-missing}. */
  private static String codeOf(PrivateKeyException e) {
    if (e instanceof PrivateKeyException.PasswordMissing) {
      return "password-missing";
    }
    if (e instanceof PrivateKeyException.PasswordWrong) {
      return "password-wrong";
    }
    return e instanceof PrivateKeyException.NotForCertificate ? "key-mismatch" : "key-unusable";
  }

  /** The common name and some of the certificate's digest: names that people know, and no two the same. */
  private static String aliasOf(RecordingCertificate certificate) {
    String name = certificate
        .commonName()
        .orElse("")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
    String prefix = name.substring(0, Math.min(MAX_NAME_IN_ALIAS, name.length()));
    return (prefix.isEmpty() ? "certificate" : prefix) + "-"
        + certificate.publicKeySha256().substring(0, DIGEST_IN_ALIAS) + "-"
        + Integer.toHexString(certificate.hashCode());
  }

  private Response impact(Request request) throws IOException, RecordingKeyStoreException {
    return Response.json(200, CertificateJson.impact(impactOf(entry(request))));
  }

  private DeletionImpact impactOf(KeyEntry entry) throws IOException, RecordingKeyStoreException {
    DeletionImpact impact = DeletionImpact.of(rules.keys(), entry.alias(), store);
    if (!impact.entry().certificate().equals(entry.certificate())) {
      throw changedMeanwhile();
    }
    return impact;
  }

  static HttpException changedMeanwhile() {
    return new HttpException(
        409,
        "changed",
        "The certificate was deleted or replaced in another session.",
        "Log out, and log in again.");
  }

  private Response delete(Request request) throws IOException, RecordingKeyStoreException {
    KeyEntry entry = entry(request);
    RecordingCertificate certificate = entry.certificate();
    List<String> profiles = deployedTo(certificate);
    if (!profiles.isEmpty() || isForScreens(certificate)) {
      throw new HttpException(
          409,
          "deployed",
          "Recordings are made under this certificate: by the IVR profiles " + profiles
              + (isForScreens(certificate) ? " and for screens." : "."),
          "Withdraw it there first.");
    }
    DeletionImpact impact = impactOf(entry);
    boolean accepted = request.query(ACCEPTED).orElse("false").equals("true");
    if (impact.unreadable() > 0 && !accepted) {
      return Response.json(
          409,
          CertificateJson.error(
              "recordings-become-unreadable",
              impact.unreadable() + " recordings need the key of this certificate.",
              "Keep it; '?" + ACCEPTED + "=true' deletes it all the same.",
              "impact",
              CertificateJson.impact(impact)));
    }
    rules
        .keys()
        .delete(impact, accepted ? UnreadableRecordings.ACCEPT : UnreadableRecordings.REFUSE);
    sessionKeys.forget();
    known(request).deleted(entry);
    note("certificate-deleted", request, entry);
    return Response.json(200, CertificateJson.impact(impact));
  }

  private KeyEntry entry(Request request) {
    return known(request).require(request.pathParameter("alias"));
  }

  private KnownCertificates known(Request request) {
    return KnownCertificates.of(request, rules.keys());
  }

  private void note(String event, Request request, KeyEntry entry) throws IOException {
    audit.add(event, CertificateEvents.of(request, entry.alias(), entry.certificate()));
  }
}
