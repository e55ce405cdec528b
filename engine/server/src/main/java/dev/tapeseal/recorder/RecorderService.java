package dev.tapeseal.recorder;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.PreparedEnvelopes;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.CertificateSelection;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records calls under their IVR profiles and screens under the screen recording certificates of the node, and delivers
 * calls where their profile names an HTTP storage. Safe for any thread.
 *
 * <p>A call whose profile names such a storage is made in the waiting store, and leaves it when storage and
 * metadata service have it; others are made in the node's own store. Closing it stops and stores what is
 * being recorded, and leaves what waits for the next start.
 */
public final class RecorderService implements AutoCloseable {
  /** The privilege to record. */
  public static final String OPS = "ops";

  private static final Logger LOG = LoggerFactory.getLogger(RecorderService.class);
  private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(10);

  private final RecordingStore store;
  private final Undelivered undelivered;
  private final Provisioning provisioning;
  private final Tenant tenant;
  private final Clock clock;
  private final MediaFolder mediaFolder;
  private final ScheduledExecutorService deliverer =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "tapeseal-delivery"));
  private final LiveRecordings<LiveCall> calls = new LiveRecordings<>();
  private final LiveRecordings<LiveScreen> screens = new LiveRecordings<>();
  private final Set<String> agentsOnScreen = ConcurrentHashMap.newKeySet();
  private final SecureRandom random = new SecureRandom();
  private final PreparedEnvelopes envelopes =
      PreparedEnvelopes.start(PreparedEnvelopes.Options.STANDARD, random);

  private RecorderService(Builder builder, Undelivered undelivered) {
    this.store = builder.store;
    this.undelivered = undelivered;
    this.provisioning = builder.provisioning;
    this.tenant = builder.tenant;
    this.clock = builder.clock;
    this.mediaFolder = new MediaFolder(Optional.ofNullable(builder.mediaFolder));
    long millis = builder.deliveryInterval.toMillis();
    var unused = deliverer.scheduleWithFixedDelay(this::deliver, 0, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * A recorder that is about to start.
   *
   * @param store where recordings are made that stay here; stays its caller's, who closes it afterwards
   */
  public static Builder builder(RecordingStore store, Provisioning provisioning) {
    return new Builder(store, provisioning);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void deliver() {
    try {
      int unused = undelivered.deliverDue();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The store of recordings that wait for delivery cannot be read: {}", e.toString());
    }
  }

  /** Its routes, under {@code /api/v2/recorder}. */
  public Router router(Authentication authentication) {
    Guard ops = authentication.requires(OPS);
    List<Route> routes = new ArrayList<>(new CallResources(this).routes(ops));
    routes.addAll(new ScreenResources(this).routes(ops));
    return Router.of(routes).mapping(RecorderFailures::answer);
  }

  /** What was done to have session keys ready before calls and screens begin. */
  public PreparedEnvelopes.Counts envelopes() {
    return envelopes.counts();
  }

  /** How many recordings wait for their delivery. */
  public long waiting() throws IOException {
    return undelivered.recordings().count(RecordingQuery.ALL);
  }

  MediaFolder mediaFolder() {
    return mediaFolder;
  }

  Tenant tenant() {
    return tenant;
  }

  LiveRecordings<LiveCall> calls() {
    return calls;
  }

  LiveRecordings<LiveScreen> screens() {
    return screens;
  }

  LiveCall startCall(
      Interaction interaction,
      Optional<String> profile,
      Optional<String> geoLocation,
      AudioFormat audio)
      throws IOException {
    CallProvision provision = profile.isPresent()
        ? provisioning.forCall(new ProfileName(profile.get()), clock.instant())
        : provisioning.forCall(geoLocation, clock.instant());
    RecordingStore into = Undelivered.isFor(provision.profile()) ? undelivered.recordings() : store;
    return calls.start(() -> new LiveCall(
        interaction.callUuid(),
        interaction.agentId(),
        audio,
        Recorder.into(into).withSessionKeys(envelopes).startCall(interaction, provision, audio)));
  }

  /**
   * Starts a screen, as SRS does: one at a time of an agent.
   *
   * @throws HttpException 409 where the agent's screen is being recorded
   */
  LiveScreen startScreen(Interaction interaction) throws IOException {
    String agent = interaction.agentId();
    if (!agent.isEmpty() && !agentsOnScreen.add(agent)) {
      throw ScreenResources.agentBusy();
    }
    boolean started = false;
    try {
      CertificateSelection certificates = provisioning.forScreen(clock.instant());
      LiveScreen screen = screens.start(() -> new LiveScreen(
          RecordingId.generate(random).value(),
          interaction,
          Recorder.into(store).withSessionKeys(envelopes).startScreen(interaction, certificates),
          clock,
          () -> agentsOnScreen.remove(agent)));
      started = true;
      return screen;
    } finally {
      if (!started) {
        agentsOnScreen.remove(agent);
      }
    }
  }

  /** The call that a screen belongs to: the first of those of the agent that are being recorded. */
  Optional<LiveCall> firstCallOf(String agentId) {
    return agentId.isEmpty()
        ? Optional.empty()
        : calls.all().stream()
            .filter(call -> call.isLive() && call.agentId().equals(agentId))
            .findFirst();
  }

  /** Stops and stores what is being recorded, and ends the deliveries; the waiting store is closed. */
  @Override
  public void close() throws IOException {
    try (undelivered;
        envelopes) {
      calls.close();
      screens.close();
      deliverer.shutdownNow();
      if (!deliverer.awaitTermination(CLOSING_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("A delivery goes on; it is repeated after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a recorder needs. Confined to one thread. */
  public static final class Builder {
    private final RecordingStore store;
    private final Provisioning provisioning;
    private Tenant tenant = Tenant.DEFAULT;
    private Clock clock = Clock.systemUTC();
    private Duration deliveryInterval = Duration.ofSeconds(1);
    private DeliveryAccounts accounts = DeliveryAccounts.NONE;
    private @Nullable Path mediaFolder;
    private @Nullable Path waitingFolder;

    private Builder(RecordingStore store, Provisioning provisioning) {
      this.store = store;
      this.provisioning = provisioning;
    }

    /** Whose calls they are; otherwise the default tenant's. */
    public Builder tenant(Tenant value) {
      tenant = value;
      return this;
    }

    /** The time of day that certificates and deliveries go by. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** How often it looks for recordings to deliver; a second otherwise. */
    public Builder deliveryInterval(Duration value) {
      deliveryInterval = value;
      return this;
    }

    /** The folder whose files may be played once more; without one none may. */
    public Builder mediaFrom(Path folder) {
      mediaFolder = folder;
      return this;
    }

    /** The folder, made where it is missing, of the store where recordings wait for their delivery. */
    public Builder waitingIn(Path folder) {
      waitingFolder = folder;
      return this;
    }

    /** Who recordings are delivered as; otherwise nobody, so that only profiles name passwords. */
    public Builder accounts(DeliveryAccounts value) {
      accounts = value;
      return this;
    }

    /**
     * Opens the store of what waits, and begins to deliver.
     *
     * @throws IOException where that store cannot be used
     */
    public RecorderService start() throws IOException {
      if (waitingFolder == null) {
        throw new IllegalStateException("no folder to wait in (expected: waitingIn before start)");
      }
      return new RecorderService(
          this, Undelivered.open(waitingFolder, provisioning.profiles(), accounts, clock));
    }
  }
}
