package dev.tapeseal.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the route for a request: 404 for a path that no route has, 405 with {@code Allow} for a method that the path
 * does not have. A literal segment wins over a parameter. Immutable.
 */
public final class Router {
  private final List<Route> routes;
  private final List<FailureMapping> failureMappings;

  private Router(List<Route> routes, List<FailureMapping> failureMappings) {
    this.routes = routes;
    this.failureMappings = failureMappings;
  }

  /** Makes a router of routes. */
  public static Router of(Route... routes) {
    return of(Arrays.asList(routes));
  }

  /**
   * Makes a router of routes, in any order.
   *
   * @throws IllegalArgumentException when two have the same method and match the same paths
   */
  public static Router of(Collection<Route> routes) {
    Set<String> seen = new HashSet<>();
    for (Route route : routes) {
      if (!seen.add(route.method() + " " + route.path().shape())) {
        throw new IllegalArgumentException("route: '" + route + "' twice (expected: each once)");
      }
    }
    List<Route> sorted = new ArrayList<>(routes);
    sorted.sort(Comparator.comparing(route -> route.path().precedence()));
    return new Router(List.copyOf(sorted), List.of());
  }

  /** The same router with one more mapping, which is asked after those it has. */
  public Router mapping(FailureMapping mapping) {
    List<FailureMapping> more = new ArrayList<>(failureMappings);
    more.add(mapping);
    return new Router(routes, List.copyOf(more));
  }

  /** A router that has the routes and mappings of both. */
  public Router and(Router other) {
    List<Route> both = new ArrayList<>(routes);
    both.addAll(other.routes);
    Router router = of(both);
    for (FailureMapping mapping : failureMappings) {
      router = router.mapping(mapping);
    }
    for (FailureMapping mapping : other.failureMappings) {
      router = router.mapping(mapping);
    }
    return router;
  }

  /** Every route, for documents and their tests. */
  public List<Route> routes() {
    return routes;
  }

  record Match(Route route, Map<String, String> parameters) {}

  /**
   * The route of a method and a decoded path.
   *
   * @throws HttpException 404, 405, or 400 for an encoded slash where none is allowed
   */
  Match match(Optional<Method> method, List<String> path) {
    Set<Method> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = route.path().match(path);
      if (parameters.isEmpty()) {
        continue;
      }
      if (route.path().refusesSlashOf(path)) {
        throw HttpException.badRequest("The path holds an encoded slash.");
      }
      if (method.isPresent() && answers(route, method.get())) {
        return new Match(route, parameters.get());
      }
      allowed.add(route.method());
    }
    if (allowed.isEmpty()) {
      throw new HttpException(
          404, "not-found", "There is nothing at this path.", "Check the path.");
    }
    if (allowed.contains(Method.GET)) {
      allowed.add(Method.HEAD);
    }
    throw new HttpException(
            405,
            "method-not-allowed",
            "This path does not have this method.",
            "Use one that Allow names.")
        .header("Allow", String.join(", ", allowed.stream().map(Method::name).toList()));
  }

  private static boolean answers(Route route, Method method) {
    return route.method() == method || (route.method() == Method.GET && method == Method.HEAD);
  }

  /** What to answer for a failure that a mapping knows. */
  Optional<HttpException> answerFor(Throwable failure) {
    for (FailureMapping mapping : failureMappings) {
      Optional<HttpException> answer = mapping.answer(failure);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }
}
