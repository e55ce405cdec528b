package dev.tapeseal.webservices;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ScreenCertificates;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One IRWS node: recordings under {@code /api/v2}, insertion under {@code /internal-api}, contact centers and settings
 * under {@code /api/v2/ops} and {@code /api/v2/settings}. Safe for any thread.
 *
 * <p>Who may: {@link #OPS} everything; {@link #DECRYPT} reads recordings.
 */
public final class WebServices {
  /** The privilege to insert and delete recordings and to change settings. */
  public static final String OPS = "ops";

  /** The privilege to find recordings and to play them. */
  public static final String DECRYPT = "decrypt";

  private final RecordingStore store;
  private final Node node;
  private final DecryptUriPrefixes prefixes;
  private final ScreenCertificates screenCertificates;
  private final Supplier<URI> self;
  private final Supplier<URI> player;

  /**
   * A node's place, and whom it serves.
   *
   * @param path its {@code nodePath}
   * @param contactCenterIds at least one, each once; the first is the one that {@code /api/v2/settings} is about
   */
  public record Node(Location path, List<String> contactCenterIds) {
    /** Refuses a node that serves nobody. */
    public Node {
      contactCenterIds = List.copyOf(contactCenterIds);
      if (contactCenterIds.isEmpty()
          || contactCenterIds.stream().distinct().count() < contactCenterIds.size()) {
        throw new IllegalArgumentException(
            "contact centers: " + contactCenterIds + " (expected: at least one, each once)");
      }
    }

    /** A node of the one contact center of those who have one. */
    public static Node of(Location path) {
      return new Node(path, List.of(Tenant.DEFAULT.contactCenterId()));
    }

    String known(String contactCenterId) {
      if (!contactCenterIds.contains(contactCenterId)) {
        throw new HttpException(
            404,
            "not-found",
            "There is no such contact center.",
            "GET /api/v2/ops/contact-centers lists those there are.");
      }
      return contactCenterId;
    }
  }

  /**
   * Makes the services of a node.
   *
   * @param store stays its caller's, who closes it after the server
   * @param dataFolder where the settings are kept, in folder {@code settings}, and the screen recording certificates; need not exist
   *     yet
   * @param self where players reach this node, without a slash at its end; asked once for each answer that needs it
   */
  public WebServices(RecordingStore store, Node node, Path dataFolder, Supplier<URI> self) {
    this(store, node, dataFolder, self, self);
  }

  /**
   * Makes the services of a node whose players are played to elsewhere.
   *
   * @param player where the node's decryption proxy is, without a slash at its end; asked once for each answer that
   *     needs it
   */
  public WebServices(
      RecordingStore store, Node node, Path dataFolder, Supplier<URI> self, Supplier<URI> player) {
    this.store = store;
    this.node = node;
    this.prefixes = new DecryptUriPrefixes(dataFolder.resolve("settings"), node.path());
    this.screenCertificates = ScreenCertificates.open(dataFolder);
    this.self = self;
    this.player = player;
  }

  /** Which crypto servers this node's players are sent to. */
  public DecryptUriPrefixes decryptUriPrefixes() {
    return prefixes;
  }

  /** Its routes. */
  public Router router(Authentication authentication) {
    List<Route> routes = new ArrayList<>();
    for (RecordingKind kind : RecordingKind.values()) {
      routes.addAll(new RecordingResources(kind, store, node, new MediaLinks(prefixes, player))
          .routes(authentication));
    }
    routes.addAll(
        new SettingsResources(node, prefixes, screenCertificates, self).routes(authentication));
    return Router.of(routes).mapping(WebServices::answer);
  }

  private static Optional<HttpException> answer(Throwable failure) {
    if (!(failure instanceof ProfileException)) {
      return Optional.empty();
    }
    if (failure instanceof ProfileException.NotFound) {
      return Optional.of(new HttpException(
          404,
          "not-found",
          "There is no such setting at this location.",
          "GET lists those there are."));
    }
    if (failure instanceof ProfileException.Conflict) {
      return Optional.of(new HttpException(
          409, "conflict", "There are as many settings as there may be.", "Delete one first."));
    }
    return Optional.empty(); // a file of ours cannot be used: for the log, which has the cause
  }
}
