package dev.tapeseal.rcs;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyState;
import dev.tapeseal.profile.CertificateOption;
import dev.tapeseal.profile.CertificateOption.Corrupt;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.ScreenCertificates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which certificates recordings are made under: those of the IVR profiles, and those of screen recording. */
final class DeploymentResources {
  private static final String PROFILES = "/rcs/profiles";
  private static final String PROFILE = PROFILES + "/{profile}/certificates";
  private static final String SCREENS = "/rcs/screen-recording/certificates";

  private final CertificateRules rules;
  private final Profiles profiles;
  private final ScreenCertificates screens;
  private final AuditLog audit;

  DeploymentResources(CertificateRules rules, AuditLog audit) {
    this.rules = rules;
    this.profiles = rules.provisioning().profiles();
    this.screens = rules.provisioning().screenCertificates();
    this.audit = audit;
  }

  List<Route> routes(Guard mayAdminister) {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.get(PROFILES).handledBy(request -> names()));
    routes.add(Route.get(PROFILE)
        .handledBy(request -> shown(profiles.load(profile(request)).deployed())));
    routes.add(Route.put(PROFILE + "/{alias}").handledBy(this::deploy));
    routes.add(Route.delete(PROFILE + "/{alias}").handledBy(this::withdraw));
    routes.add(Route.delete(PROFILES + "/{profile}/options/{option}")
        .handledBy(request ->
            shown(profiles.withdraw(profile(request), option(request)).deployed())));
    routes.add(Route.get(SCREENS).handledBy(request -> shown(screens(request).read())));
    routes.add(Route.put(SCREENS + "/{alias}").handledBy(this::assign));
    routes.add(Route.delete(SCREENS + "/{alias}").handledBy(this::remove));
    routes.add(Route.delete("/rcs/screen-recording/options/{option}")
        .handledBy(request -> shown(screens(request).remove(option(request)))));
    return routes.stream().map(route -> route.guardedBy(mayAdminister)).toList();
  }

  private Response names() throws IOException {
    return Response.json(
        200, Map.of("profiles", profiles.names().stream().map(Object::toString).toList()));
  }

  private Response deploy(Request request) throws IOException {
    IvrProfile profile = profiles.load(profile(request));
    KeyEntry entry = recordable(request);
    List<Verdict> verdicts = rules.judge(entry.certificate(), Optional.of(profile));
    if (CertificateRules.refuse(verdicts)) {
      return CertificateResources.refused(verdicts);
    }
    IvrProfile changed = profiles.deploy(profile.name(), entry.certificate());
    note("certificate-deployed", request, entry, profile.name().value());
    return shown(changed.deployed());
  }

  private Response withdraw(Request request) throws IOException {
    ProfileName name = profile(request);
    KeyEntry entry = entry(request);
    IvrProfile changed = profiles.withdraw(name, entry.certificate());
    note("certificate-withdrawn", request, entry, name.value());
    return shown(changed.deployed());
  }

  private Response assign(Request request) throws IOException {
    KeyEntry entry = recordable(request);
    List<Verdict> verdicts = rules.judge(entry.certificate(), Optional.empty());
    if (CertificateRules.refuse(verdicts)) {
      return CertificateResources.refused(verdicts);
    }
    ScreenCertificates there = screens(request);
    DeployedCertificates changed = there.assign(entry.certificate());
    note("certificate-assigned", request, entry, "screen recording at " + there.location());
    return shown(changed);
  }

  private Response remove(Request request) throws IOException {
    KeyEntry entry = entry(request);
    ScreenCertificates there = screens(request);
    DeployedCertificates changed = there.remove(entry.certificate());
    note("certificate-removed", request, entry, "screen recording at " + there.location());
    return shown(changed);
  }

  /** The documented columns, and the option that holds each; a corrupt one says what happened to it. */
  private Response shown(DeployedCertificates deployed) throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (CertificateOption option : deployed.options()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("option", option.name());
      if (option instanceof Intact intact) {
        RecordingCertificate certificate = intact.certificate();
        row.putAll(CertificateJson.row(certificate, profiles.deployedCount(certificate)));
        row.put(
            "alias",
            rules.keys().entries().stream()
                .filter(entry -> entry.certificate().equals(certificate))
                .map(KeyEntry::alias)
                .findFirst()
                .orElse(null));
      } else if (option instanceof Corrupt corrupt) {
        row.put("corrupt", corrupt.damage());
      }
      rows.add(row);
    }
    return Response.json(200, Map.of("certificates", rows));
  }

  private KeyEntry entry(Request request) {
    return KnownCertificates.of(request, rules.keys()).require(request.pathParameter("alias"));
  }

  /** One whose key is there yet, whatever a session knows: else nobody could play what is recorded. */
  private KeyEntry recordable(Request request) {
    KeyEntry entry = entry(request);
    KeyEntry now = rules
        .keys()
        .find(entry.alias())
        .filter(there -> there.certificate().equals(entry.certificate()))
        .orElseThrow(CertificateResources::changedMeanwhile);
    if (now.state(rules.now()) == KeyState.RETIRED) {
      throw new HttpException(
          409,
          "retired",
          "No recordings are to be made under this certificate any more.",
          "Take another, or reinstate it.");
    }
    return now;
  }

  private static ProfileName profile(Request request) {
    try {
      return new ProfileName(request.pathParameter("profile"));
    } catch (IllegalArgumentException e) {
      throw new HttpException(
          404, "not-found", "There is no such IVR profile.", "GET " + PROFILES + " lists them.");
    }
  }

  /** Those of the location that the request names; of all where it names none. */
  private ScreenCertificates screens(Request request) {
    try {
      return screens.at(request.query("location").map(Location::new).orElse(Location.ROOT));
    } catch (IllegalArgumentException e) {
      throw new HttpException(
          400, "location-invalid", String.valueOf(e.getMessage()), "Send a path such as /US/AK.");
    }
  }

  private static String option(Request request) {
    return request.pathParameter("option");
  }

  private void note(String event, Request request, KeyEntry entry, String where)
      throws IOException {
    Map<String, String> facts = CertificateEvents.of(request, entry.alias(), entry.certificate());
    facts.put("where", where);
    audit.add(event, facts);
  }
}
