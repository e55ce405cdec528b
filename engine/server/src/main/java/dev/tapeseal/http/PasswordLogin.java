package dev.tapeseal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * Finds out who a name and a password belong to. Verifying one is slow on purpose, so that what was right stands for
 * {@link ProvenPasswords#FRESH} for the same address, requests that come with the same one at once wait for one
 * verification, and few run at a time. A name is locked out after {@link #FAILURES_PER_NAME} failures, an address after
 * {@link #FAILURES_PER_ADDRESS}; what comes then is not looked at. Any thread but an event loop.
 */
public final class PasswordLogin {
  /** So many failed logins lock a name out. */
  public static final int FAILURES_PER_NAME = 10;

  /** So many failed logins lock an address out, whatever the names. */
  public static final int FAILURES_PER_ADDRESS = 20;

  private static final int MAX_AT_ONCE = 6;

  private final UsersFile users;
  private final LoginListener listener;
  private final LockOut names;
  private final LockOut addresses;
  private final ProvenPasswords proven;
  private final Semaphore places = new Semaphore(MAX_AT_ONCE);

  /** Logs in the users of a file. */
  public PasswordLogin(UsersFile users, LoginListener listener, Clock clock) {
    this.users = users;
    this.listener = listener;
    this.names = new LockOut(FAILURES_PER_NAME, clock);
    this.addresses = new LockOut(FAILURES_PER_ADDRESS, clock);
    this.proven = new ProvenPasswords(clock);
  }

  /** Who it is that sends these credentials from where the request comes; see the other. */
  public Principal login(Credentials credentials, Request request) throws IOException {
    return login(
        credentials.user(), credentials.password(), request.remoteAddress().getAddress());
  }

  /** What a session's user was when it began. */
  private record UserVersion(long changedAt) {}

  /**
   * Logs in, and begins a session that ends when the user is changed: another password, other privileges, or gone.
   *
   * @throws HttpException as {@link #login(String, char[], InetAddress)} throws, 503 when there are too many sessions
   * @throws IOException when the users cannot be read
   */
  public Session begin(Credentials credentials, Request request, Sessions sessions)
      throws IOException {
    UserVersion version = new UserVersion(users.changedAt(credentials.user())); // before the login
    Session session = sessions.begin(login(credentials, request));
    session.attach(UserVersion.class, version);
    return session;
  }

  /** Whether a session's user is who began it; true for a session that was begun without {@link #begin}. */
  boolean stands(Session session) throws IOException {
    long now = users.changedAt(session.principal().name());
    return session
        .attachment(UserVersion.class)
        .map(version -> version.changedAt() == now)
        .orElse(true);
  }

  /**
   * Who it is; the caller wipes the password.
   *
   * @throws HttpException 401 for a wrong name or password, 429 while locked out, 503 when too many log in at once
   * @throws IOException when the users cannot be read
   */
  public Principal login(String name, char[] password, InetAddress from) throws IOException {
    String address = from.getHostAddress();
    requireNotLocked(addresses.lockedFor(address), name, from);
    ProvenPasswords.Key key = proven.key(users.generation(), address, name, password);
    CompletableFuture<Optional<Principal>> mine = new CompletableFuture<>();
    Optional<CompletableFuture<Optional<Principal>>> known = proven.join(key, mine);
    if (known.isPresent()) {
      return join(known.get()).orElseThrow(PasswordLogin::wrong);
    }
    try {
      Optional<Principal> found = verify(name, password, from, address);
      proven.settle(key, found.isPresent());
      mine.complete(found);
      return found.orElseThrow(PasswordLogin::wrong);
    } catch (IOException | RuntimeException | Error e) {
      proven.settle(key, false);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private Optional<Principal> verify(String name, char[] password, InetAddress from, String address)
      throws IOException {
    requireNotLocked(addresses.attempt(address), name, from);
    requireNotLocked(names.attempt(name), name, from);
    if (!places.tryAcquire()) {
      names.takeBack(name);
      addresses.takeBack(address);
      throw HttpException.busy("Too many log in at once.");
    }
    try {
      Optional<User> user = users.find(name);
      boolean right = user.isPresent() && user.get().password().matches(password);
      if (user.isEmpty()) {
        pretend(password);
      }
      if (!right) {
        listener.login(LoginListener.Outcome.REFUSED, name, from);
        return Optional.empty();
      }
      names.succeeded(name);
      addresses.takeBack(address);
      listener.login(LoginListener.Outcome.ADMITTED, name, from);
      return user.map(User::principal);
    } finally {
      places.release();
    }
  }

  /** Takes the time of a verification, so that nobody learns which names there are. */
  private void pretend(char[] password) throws IOException {
    List<User> all = users.all();
    PasswordHash decoy =
        all.isEmpty() ? PasswordHash.standardDecoy() : all.get(0).password().decoy();
    if (decoy.matches(password)) {
      throw new IllegalStateException("a hash of zeros was met");
    }
  }

  private void requireNotLocked(Duration locked, String name, InetAddress from) {
    if (!locked.isZero()) {
      listener.login(LoginListener.Outcome.LOCKED_OUT, name, from);
      throw new HttpException(
              429,
              "locked-out",
              "Too many logins have failed.",
              "Wait for as long as Retry-After says.")
          .header("Retry-After", Long.toString(locked.toSeconds() + 1));
    }
  }

  private static Optional<Principal> join(CompletableFuture<Optional<Principal>> running) {
    try {
      return running.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof HttpException answer) {
        throw answer;
      }
      throw e;
    }
  }

  private static HttpException wrong() {
    return new HttpException(
        401,
        "not-authenticated",
        "The user name or the password is wrong.",
        "Log in with the right ones.");
  }
}
