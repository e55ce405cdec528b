package dev.tapeseal.recorder;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Router;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records calls under their IVR profiles, and delivers them where a profile names an HTTP storage. Safe for any thread.
 *
 * <p>A recording whose profile names such a storage is made in the waiting store, and leaves it when storage and
 * metadata service have it; others are made in the node's own store. Closing it stops and stores the calls that are
 * being recorded, and leaves what waits for the next start.
 */
public final class RecorderService implements AutoCloseable {
  /** The privilege to record. */
  public static final String OPS = "ops";

  private static final Logger LOG = LoggerFactory.getLogger(RecorderService.class);
  private static final int MAX_LIVE_CALLS = 1000;
  private static final int MAX_ENDED_CALLS = 1000;
  private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(10);

  private final RecordingStore store;
  private final RecordingStore waiting;
  private final Provisioning provisioning;
  private final Tenant tenant;
  private final Clock clock;
  private final MediaFolder mediaFolder;
  private final Delivery delivery;
  private final ScheduledExecutorService deliverer =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "tapeseal-delivery"));
  private final Map<String, LiveCall> calls = new LinkedHashMap<>(); // guarded by itself
  private int starting; // guarded by calls: between reserve and register
  private boolean closed; // guarded by calls

  private RecorderService(Builder builder, RecordingStore waiting) {
    this.store = builder.store;
    this.waiting = waiting;
    this.provisioning = builder.provisioning;
    this.tenant = builder.tenant;
    this.clock = builder.clock;
    this.mediaFolder = new MediaFolder(Optional.ofNullable(builder.mediaFolder));
    this.delivery = new Delivery(
        waiting,
        provisioning.profiles(),
        new MetadataPost(builder.metadataAuthorization),
        builder.clock);
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
      int unused = delivery.deliverDue();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The store of recordings that wait for delivery cannot be read: {}", e.toString());
    }
  }

  /** Its routes, under {@code /api/v2/recorder}. */
  public Router router(Authentication authentication) {
    return Router.of(new CallResources(this).routes(authentication.requires(OPS)))
        .mapping(CallResources::answer);
  }

  /** How many recordings wait for their delivery. */
  public long waiting() throws IOException {
    return waiting.count(RecordingQuery.ALL);
  }

  MediaFolder mediaFolder() {
    return mediaFolder;
  }

  Tenant tenant() {
    return tenant;
  }

  LiveCall start(
      Interaction interaction,
      Optional<String> profile,
      Optional<String> geoLocation,
      AudioFormat audio)
      throws IOException {
    CallProvision provision = profile.isPresent()
        ? provisioning.forCall(new ProfileName(profile.get()), clock.instant())
        : provisioning.forCall(geoLocation, clock.instant());
    boolean leaves = Destination.of(provision.profile()).isPresent();
    reserve();
    try {
      CallSession session =
          Recorder.into(leaves ? waiting : store).startCall(interaction, provision, audio);
      LiveCall call = new LiveCall(interaction.callUuid(), audio, session);
      if (!register(call)) {
        HttpException closing = CallResources.busy();
        call.fail(closing);
        throw closing;
      }
      return call;
    } finally {
      synchronized (calls) {
        starting--;
      }
    }
  }

  /** Makes sure of room for a call, which then starts beside others. */
  private void reserve() {
    synchronized (calls) {
      long live = calls.values().stream().filter(LiveCall::isLive).count();
      if (closed || live + starting >= MAX_LIVE_CALLS) {
        throw CallResources.busy();
      }
      starting++;
    }
  }

  /** False where the recorder was closed meanwhile, and would not store the call any more. */
  private boolean register(LiveCall call) {
    synchronized (calls) {
      if (closed) {
        return false;
      }
      calls.put(call.id(), call);
      forgetEnded();
      return true;
    }
  }

  private void forgetEnded() {
    List<LiveCall> ended =
        calls.values().stream().filter(call -> !call.isLive()).toList();
    for (int i = 0; i < ended.size() - MAX_ENDED_CALLS; i++) {
      calls.remove(ended.get(i).id());
    }
  }

  Optional<LiveCall> find(String id) {
    synchronized (calls) {
      return Optional.ofNullable(calls.get(id));
    }
  }

  List<LiveCall> all() {
    synchronized (calls) {
      return new ArrayList<>(calls.values());
    }
  }

  /** Stops and stores what is being recorded, and ends the deliveries; the waiting store is closed. */
  @Override
  public void close() throws IOException {
    synchronized (calls) {
      closed = true;
    }
    try (waiting) {
      for (LiveCall call : all()) {
        try {
          boolean unused = call.stop();
        } catch (IOException | RuntimeException e) {
          LOG.warn("Call {} could not be stored: {}", call.id(), e.toString());
        }
      }
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
    private char[] metadataAuthorization = {};
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

    /** {@code username:password} that metadata are posted with; the caller wipes its own array. */
    public Builder metadataAuthorization(char[] value) {
      metadataAuthorization = value.clone();
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
      return new RecorderService(this, RecordingStore.open(waitingFolder));
    }
  }
}
