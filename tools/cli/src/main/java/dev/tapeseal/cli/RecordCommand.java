package dev.tapeseal.cli;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.Pacer;
import dev.tapeseal.recorder.Undelivered;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replays media files as the call and the screen of one interaction, and records them into a store. */
@Command(
    name = "record",
    description =
        "Replays media files as a call and as an agent's screen, and records them into a store."
            + " Ctrl-C ends the call, and stores it until there.",
    mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
  private final Terminal terminal;

  /** How fast files are replayed. */
  enum Pace {
    REAL_TIME("real-time"),
    MAX("max");

    private final String label;

    Pace(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }

    Pacer pacer() {
      return this == REAL_TIME ? Pacer.realTime() : Pacer.flatOut();
    }
  }

  @Mixin
  private final CaptureOptions options = new CaptureOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How encrypted recordings lie: pkcs7 (default), pkcs7-detached or sealed.")
  private String format = RecordingFormat.PKCS7.label();

  @Option(
      names = "--call",
      paramLabel = "FILE",
      description = "The call: WAV (PCM, mu-law, A-law) or MP3.")
  private @Nullable Path callFile;

  @Option(names = "--screen", paramLabel = "FILE", description = "The screen: MP4.")
  private @Nullable Path screenFile;

  @Option(names = "--caller", paramLabel = "NUMBER", description = "The caller's number (ANI).")
  private String caller = "";

  @Option(names = "--dialed", paramLabel = "NUMBER", description = "The dialed number (DNIS).")
  private String dialed = "";

  @Option(names = "--agent", paramLabel = "ID", description = "The agent's id.")
  private String agent = "";

  @Option(names = "--connection", paramLabel = "ID", description = "The connection ID.")
  private String connection = "";

  @Option(
      names = "--sip-server",
      paramLabel = "NAME",
      description = "The application name of the SIP Server that the call came by.")
  private String sipServer = "";

  @Option(
      names = "--pace",
      paramLabel = "real-time|max",
      defaultValue = "max",
      description =
          "How fast the files are replayed: as they were recorded, or as fast as it goes (default).")
  private Pace pace = Pace.MAX;

  @Option(names = "--json", description = "Print the stored metadata as JSON.")
  private boolean json;

  RecordCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (callFile == null && screenFile == null) {
      throw new CommandException(
          ExitCode.USAGE, "nothing to record (expected: --call FILE, --screen FILE, or both)");
    }
    CapturePlan plan = options.plan(terminal, callFile != null, screenFile != null);
    warnOfMixedPair(plan);
    Interaction interaction = Interaction.of(
            plan.tenant(), RecordingId.generate(new SecureRandom()).value())
        .withNumbers(caller, dialed)
        .withAgent(agent)
        .withConnection(connection, sipServer);
    boolean delivered = true;
    try (EndSignal stop = EndSignal.listen(terminal);
        Replay call = open(callFile);
        Replay screen = open(screenFile);
        RecordingStore recordings = plan.openStore();
        Undelivered undelivered = plan.openUndelivered()) {
      AudioFormat audio = call == null ? null : call.audio();
      if (screen != null) {
        screen.requireScreen();
      }
      Recorder ofCalls = recorder(undelivered == null ? recordings : undelivered.recordings());
      try (CallSession callSession =
              audio == null ? null : plan.startCall(ofCalls, interaction, audio);
          ScreenSession screenSession =
              screen == null ? null : plan.startScreen(recorder(recordings), interaction)) {
        report(interaction, replay(call, callSession, screen, screenSession, stop));
      }
      if (undelivered != null) {
        delivered = deliver(undelivered, new RecordingId(interaction.callUuid()));
      }
    }
    return (delivered ? ExitCode.OK : ExitCode.SOME_FAILED).number();
  }

  private Recorder recorder(RecordingStore store) {
    return Recorder.into(store)
        .withFormat(RecordingFormats.of(format))
        .withAlarms(
            (callUuid, alarm) -> terminal.note("tapeseal: alarm: call " + callUuid + ": " + alarm));
  }

  /** As MCP does: media to their storage, then metadata; what cannot be delivered now is kept, and tried again. */
  private boolean deliver(Undelivered undelivered, RecordingId id) throws IOException {
    boolean delivered = true;
    try {
      undelivered.deliver(id);
    } catch (IOException e) {
      delivered =
          undelivered.recordings().find(id).isEmpty(); // a server over this folder was faster
      if (!delivered) {
        terminal.note(
            "tapeseal: recording " + id + " is recorded and waits for its delivery: "
                + Failures.explain(e).getMessage()
                + " ('tapeseal serve' over this data folder tries again, and so does the next 'record')");
      }
    }
    if (delivered) {
      int others = undelivered.deliverDue();
      if (others > 0) {
        terminal.note("tapeseal: delivered that had waited: " + others);
      }
    }
    return delivered;
  }

  private void warnOfMixedPair(CapturePlan plan) {
    if (callFile == null || screenFile == null || plan.encryptsCall() == plan.encryptsScreen()) {
      return;
    }
    terminal.note(
        plan.encryptsScreen()
            ? "tapeseal: warning: the screen is encrypted and the call is not: the muxer refuses such a pair"
                + " (give --cert; in a deployment, deploy a recording certificate to the IVR profile)"
            : "tapeseal: warning: the call is encrypted and the screen is not: the muxer refuses such a pair"
                + " (give --screen-cert; in a deployment, assign a screen recording certificate)");
  }

  private @Nullable Replay open(@Nullable Path file) throws IOException {
    if (file == null) {
      return null;
    }
    Inputs.requireFile(file);
    try {
      return new Replay(file, MediaSource.open(file));
    } catch (MediaException e) {
      throw Failures.explain(file, e);
    }
  }

  /**
   * The call on this thread, the screen beside it: both last as long as they did. A signal ends the call as if it
   * were hung up; a screen is given up, since an MP4 file plays whole or not at all.
   */
  private List<Recording> replay(
      @Nullable Replay call,
      @Nullable CallSession callSession,
      @Nullable Replay screen,
      @Nullable ScreenSession screenSession,
      EndSignal stop)
      throws Exception {
    FutureTask<@Nullable Recording> screenTask = new FutureTask<>(() -> {
      if (screen == null || screenSession == null) {
        return null;
      }
      if (!screen.into(screenSession::write, pace.pacer(), stop)) {
        terminal.note(
            "tapeseal: " + screen.file() + ": stopped before its end, the screen is given up");
        return null;
      }
      return screenSession.stop(screen.duration());
    });
    Thread screenThread = new Thread(screenTask, "tapeseal-screen");
    screenThread.start();
    List<Recording> stored = new ArrayList<>();
    try {
      if (call != null && callSession != null) {
        if (!call.into(callSession::write, pace.pacer(), stop)) {
          terminal.note("tapeseal: " + call.file()
              + ": stopped before its end, the call is stored until here");
        }
        stored.add(callSession.stop());
      }
    } catch (Exception e) {
      screenThread.interrupt();
      screenThread.join();
      throw e;
    }
    Recording screenRecording = result(screenTask);
    if (screenRecording != null) {
      stored.add(screenRecording);
    }
    return stored;
  }

  private static @Nullable Recording result(FutureTask<@Nullable Recording> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void report(Interaction interaction, List<Recording> stored) {
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("callUUID", interaction.callUuid());
      report.put("recordings", stored.stream().map(Json::tree).toList());
      Json.print(terminal.out(), report);
      return;
    }
    stored.forEach(recording -> RecordingTable.print(terminal.out(), recording));
  }
}
