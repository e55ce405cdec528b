package dev.tapeseal.webservices;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Json;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.profile.CertificateOption;
import dev.tapeseal.profile.GroupSetting;
import dev.tapeseal.profile.GroupSettings;
import dev.tapeseal.profile.GroupSettingsFile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ScreenCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Contact centers, and their settings by location, each group twice: for operators, and for the node's own center. */
final class SettingsResources {
  private static final String OPS_PATH = "/api/v2/ops/contact-centers";
  private static final String OPS_SETTINGS = OPS_PATH + "/{contactCenterId}/settings/{group}";
  private static final String OWN_SETTINGS = "/api/v2/settings/{group}";
  private static final int MAX_SETTING_BYTES = 1 << 20;
  private static final Pattern CERTIFICATE = Pattern.compile("(?i)certificates(-.*)?");

  private final WebServices.Node node;
  private final DecryptUriPrefixes prefixes;
  private final ScreenCertificates screenCertificates;
  private final Supplier<URI> self;

  SettingsResources(
      WebServices.Node node,
      DecryptUriPrefixes prefixes,
      ScreenCertificates screenCertificates,
      Supplier<URI> self) {
    this.screenCertificates = screenCertificates;
    this.node = node;
    this.prefixes = prefixes;
    this.self = self;
  }

  List<Route> routes(Authentication authentication) {
    Guard ops = authentication.requires(WebServices.OPS);
    List<Route> routes = new ArrayList<>();
    routes.add(Route.get(OPS_PATH).guardedBy(ops).handledBy(request -> contactCenters()));
    for (String template : List.of(OPS_SETTINGS, OWN_SETTINGS)) {
      routes.add(Route.get(template).guardedBy(ops).handledBy(this::list));
      for (Route route : List.of(Route.post(template), Route.put(template))) {
        routes.add(route.guardedBy(ops).bodyUpTo(MAX_SETTING_BYTES).handledBy(this::put));
      }
      routes.add(Route.delete(template)
          .guardedBy(ops)
          .bodyUpTo(MAX_SETTING_BYTES)
          .handledBy(this::remove));
    }
    return routes;
  }

  private Response contactCenters() {
    List<String> uris = node.contactCenterIds().stream()
        .map(id -> self.get() + OPS_PATH + "/" + id)
        .toList();
    Map<String, Object> answer = success();
    answer.put("uris", uris);
    return Response.json(200, answer);
  }

  private Response list(Request request) throws IOException {
    GroupSettings settings = file(request).read();
    Optional<Location> location = location(request);
    List<GroupSetting> shown =
        new ArrayList<>(location.isPresent() ? settings.at(location.get()) : settings.all());
    if (group(request) == SettingsGroup.SCREEN_RECORDING_ENCRYPTION) {
      List<Location> locations =
          location.isPresent() ? List.of(location.get()) : screenCertificates.locations();
      for (Location named : locations) {
        shown.addAll(screenCertificates(named));
      }
    }
    Map<String, Object> answer = success();
    answer.put(
        "settings",
        shown.stream()
            .map(setting -> Json.read(setting.toShownJson(), Map.class))
            .toList());
    return Response.json(200, answer);
  }

  /**
   * The documented place of screen recording certificates. A corrupt one is left out: it is no certificate, and the panel
   * of screen recording certificates says so.
   */
  private List<GroupSetting> screenCertificates(Location location) throws IOException {
    List<GroupSetting> settings = new ArrayList<>();
    for (CertificateOption option : screenCertificates.at(location).read().options()) {
      if (option instanceof CertificateOption.Intact intact) {
        String pem = new String(intact.certificate().toPem(), StandardCharsets.US_ASCII);
        settings.add(GroupSetting.ofText(option.name(), location, pem));
      }
    }
    return settings;
  }

  /** Certificates are judged when they are assigned, which a setting is not. */
  private static void requireNoCertificate(Request request, String name) {
    if (group(request) == SettingsGroup.SCREEN_RECORDING_ENCRYPTION
        && CERTIFICATE.matcher(name).matches()) {
      throw new HttpException(
          409,
          "assigned-elsewhere",
          "Screen recording certificates are not set here.",
          "Assign and remove them at the crypto server: /rcs/screen-recording/certificates.");
    }
  }

  private Response put(Request request) throws IOException {
    GroupSetting setting = parsed(() -> GroupSetting.parse(request.body()));
    requireNoCertificate(request, setting.name());
    group(request).check(setting);
    file(request).put(setting);
    return Response.json(200, success());
  }

  private Response remove(Request request) throws IOException {
    String name = parsed(() -> GroupSetting.parseName(request.body()));
    requireNoCertificate(request, name);
    Location location = location(request)
        .orElseThrow(() -> new HttpException(
            400,
            "location-missing",
            "The request does not say at which location the setting is to be deleted.",
            "Add ?location=/ to the path."));
    file(request).remove(name, location);
    return Response.json(200, success());
  }

  private interface Parse<T> {
    T run() throws ProfileException;
  }

  /** What a client sent is the client's to mend, and the message says nothing but what was sent. */
  private static <T> T parsed(Parse<T> parse) throws ProfileException {
    try {
      return parse.run();
    } catch (ProfileException.Invalid e) {
      throw new HttpException(
          400,
          "setting-invalid",
          String.valueOf(e.getMessage()),
          "Send {\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":\"http://host:port/rcs\"}.");
    }
  }

  private static Optional<Location> location(Request request) {
    try {
      return request.query("location").map(Location::new);
    } catch (IllegalArgumentException e) {
      throw new HttpException(
          400, "location-invalid", String.valueOf(e.getMessage()), "Send a path such as /US/AK.");
    }
  }

  private GroupSettingsFile file(Request request) {
    String contactCenterId = request.path().startsWith(OPS_PATH)
        ? node.known(request.pathParameter("contactCenterId"))
        : node.contactCenterIds().get(0);
    return prefixes.file(contactCenterId, group(request));
  }

  private static SettingsGroup group(Request request) {
    return SettingsGroup.of(request.pathParameter("group"));
  }

  /** The documented member of every answer that is no error. */
  static Map<String, Object> success() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("statusCode", 0);
    return answer;
  }
}
