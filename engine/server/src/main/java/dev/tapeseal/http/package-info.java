/**
 * A small HTTP layer that the services share: routes, JSON, ranges, authentication, health, metrics.
 *
 * <pre>{@code
 * Router router = Router.of(
 *     Route.get("/recordings/{id}").handledBy(request -> Response.content(open(request.pathParameter("id")))));
 * try (HttpServer server = HttpServer.builder(router).port(0).start()) {
 *   System.out.println(server.uri());
 * }
 * }</pre>
 *
 * <p>Event loops only move bytes; handlers and everything that blocks run on bounded pools of the server. Nothing in
 * this package is global: any number of servers live side by side in one JVM.
 */
@NullMarked
package dev.tapeseal.http;

import org.jspecify.annotations.NullMarked;
