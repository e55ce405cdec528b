/**
 * A small HTTP/1.1 layer that the services share: routes, JSON, ranges, uploads, authentication, health, metrics.
 *
 * <p>A service is a {@link dev.tapeseal.http.Router}; routers add up to one server, or each has its own:
 *
 * <pre>{@code
 * Router router = Router.of(
 *         // a range answer: 200, 206, 304, 412 or 416, decrypted as fast as the client reads
 *         Route.get("/recordings/{id}").guardedBy(authentication.requires("decrypt")).handledBy(request -> {
 *           Recording recording = find(request.pathParameter("id"));
 *           return Response.content(new Representation(
 *               recording::open, recording.bytes(), Optional.of("\"v1\""), Optional.of(recording.stored()), "audio/wav"));
 *         }),
 *         // an upload in memory: JSON by request.json(Type.class), a form by request.form(), bytes by request.body()
 *         Route.post("/certificates").guardedBy(authentication.requires("administer-certificates")).bodyUpTo(1 << 20)
 *             .handledBy(request -> Response.json(201, add(request.form().requirePart("certificate").bytes()))),
 *         // an upload of any size, read as it comes; the answer may stream while it does
 *         Route.post("/decrypt").guardedBy(authentication.requires("decrypt")).bodyStreamedUpTo(Long.MAX_VALUE)
 *             .handledBy(request -> Response.stream(200, "application/octet-stream", decrypt(request.bodyChannel()))))
 *     .mapping(failure -> failure instanceof DamagedException
 *         ? Optional.of(new HttpException(422, "not-decryptable", "It cannot be decrypted.", "Restore it."))
 *         : Optional.empty());
 *
 * Metrics metrics = new Metrics();
 * Health health = new Health().ready("key store", () -> opened() ? Optional.empty() : Optional.of("It is not open."));
 * HttpServer server = HttpServer.builder(router.and(Router.of(health.routes())).and(Router.of(metrics.route())))
 *     .metrics(metrics).port(0).start();
 * server.uri(); // http://127.0.0.1:41234
 * server.drain(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>Who it is, by HTTP Basic or by a session with its cookie and token:
 *
 * <pre>{@code
 * PasswordLogin login = new PasswordLogin(UsersFile.open(file), LoginListener.NOBODY, Clock.systemUTC());
 * Sessions sessions = new Sessions(Sessions.Settings.of("tapeseal-rcs", "/rcs"), Clock.systemUTC());
 * Authentication authentication = new Authentication("RCS", login, sessions, "RCS is not available");
 *
 * Route.post("/rcs/session").bodyUpTo(4096).handledBy(request -> {
 *   try (Credentials credentials = request.json(Credentials.class)) { // {"user":…,"password":…}
 *     Session session = login.begin(credentials, request, sessions);
 *     return sessions.withCookie(Response.json(201, Map.of("csrfToken", session.csrfToken())), session, request);
 *   }
 * });
 * }</pre>
 *
 * <p>Rules of the house: a handler runs on a worker thread and may block; event loops only move bytes. What fails before
 * the first byte of an answer is answered {@code {"error":{"code","message","hint"}}}; what fails later cuts the
 * connection, so that nothing short looks complete. The layer closes every channel that it was given. Nothing in this
 * package is global: any number of servers live side by side in one JVM.
 */
@NullMarked
package dev.tapeseal.http;

import org.jspecify.annotations.NullMarked;
