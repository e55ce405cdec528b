package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.OutputFile.Existing;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.media.mp4.MuxedMp4;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.mux.CatalogMuxer.CatalogDecryption;
import dev.tapeseal.mux.FoundRecording;
import dev.tapeseal.mux.MixedPairException;
import dev.tapeseal.mux.MuxCertificates;
import dev.tapeseal.mux.Muxer;
import dev.tapeseal.mux.RecordingPair;
import dev.tapeseal.mux.UnreadableRecordingException;
import dev.tapeseal.settings.DataFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Muxes one pair of files, or the pairs of a store. It is longer than most because both take the same keys and
 * certificates.
 */
@Command(
    name = "mux",
    description = {
      "Makes one MP4 recording of a call and its screen: of two files, or of every pair in a store.",
      "A pair of which one is encrypted and the other is not is refused."
    },
    mixinStandardHelpOptions = true)
final class MuxCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyOptions keys = new KeyOptions();

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      description = "A recording certificate to encrypt under; repeat it. Clear pairs need none.")
  private List<Path> certificates = List.of();

  @Mixin
  private final PolicyOptions policyOptions = new PolicyOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "How the muxed recording lies; as the screen does by default.")
  private @Nullable String format;

  @Option(
      names = "--audio",
      paramLabel = "CODEC",
      defaultValue = "flac",
      description = "What a call in WAV becomes: flac (default, without loss) or mp3.")
  private WavCoding audio = WavCoding.FLAC;

  @Option(
      names = "--call-start",
      paramLabel = "INSTANT",
      description = "When the call started, for example 2026-11-24T13:15:00.250Z.")
  private @Nullable Instant callStart;

  @Option(
      names = "--screen-start",
      paramLabel = "INSTANT",
      description = "When the screen recording started.")
  private @Nullable Instant screenStart;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The file to write, and OUT.mac where it is encrypted.")
  private @Nullable Path output;

  @Mixin
  private final StoreOptions store = new StoreOptions();

  @Mixin
  private final RcsOptions rcs = new RcsOptions();

  @ArgGroup(heading = "%nThe pairs of a store or a data folder:%n", exclusive = false)
  private @Nullable MuxStoreOptions catalog;

  @Option(names = "--force", description = "Replace outputs that exist.")
  private boolean force;

  @Option(names = "--json", description = "Say what was done as JSON.")
  private boolean json;

  @Parameters(
      paramLabel = "CALL SCREEN",
      arity = "0..2",
      description = "The call (MP3 or WAV) and the screen (MP4), both encrypted or both not.")
  private List<Path> inputs = List.of();

  MuxCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    keys.check();
    try {
      return (isOfFiles() ? muxFiles() : muxCatalog()).number();
    } catch (UnreadableRecordingException e) {
      throw Failures.explain(e.recording(), e.reason());
    } catch (MixedPairException e) {
      throw new CommandException(ExitCode.REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether two files are muxed, and not the pairs of a catalog; without either, a data folder in the environment counts. */
  private boolean isOfFiles() {
    if (catalog != null || store.isGiven()) {
      return false;
    }
    return !inputs.isEmpty() || output != null || !store.isKnown(terminal);
  }

  // --- two files ---

  private ExitCode muxFiles() throws Exception {
    Path out = output;
    if (rcs.isGiven()) {
      throw usage("--rcs with files (expected: --store DIR or --data DIR, whose recordings an RCS"
          + " plays)");
    }
    if (inputs.size() != 2 || out == null) {
      throw usage("what to mux? (expected: CALL SCREEN -o OUT, or --store DIR, or --data DIR)");
    }
    Existing existing = force ? Existing.REPLACE : Existing.REFUSE;
    Duration callLater = callLater();
    RecordingFormat asked = format == null ? null : RecordingFormats.of(format);
    if (json && Inputs.isStandard(out)) {
      throw usage("--json with -o -: both write to standard output (expected: a file as output)");
    }
    Path call = inputs.get(0);
    Path screen = inputs.get(1);
    for (Path input : inputs) {
      if (Inputs.isStandard(input)) {
        throw usage("-: a pipe cannot seek (expected: files to mux)");
      }
      Inputs.requireFile(input);
      Inputs.requireDistinct(input, out);
    }
    Inputs.requireDistinct(keys.files(terminal), out);
    Inputs.requireDistinct(certificates, out);
    Inputs.requireDistinct(policyOptions.files(), out);
    try (MuxOutput target = MuxOutput.of(terminal, out, existing)) {
      RecordingPair pair = RecordingPair.of(
          FoundRecording.of(call.toString(), RecordingSource.ofFile(call)),
          FoundRecording.of(screen.toString(), RecordingSource.ofFile(screen)));
      Muxer muxer = Muxer.of(audio);
      Muxer.Muxed muxed;
      if (pair instanceof RecordingPair.EncryptedPair encrypted) {
        muxed = muxEncrypted(muxer, encrypted, callLater, asked, target);
      } else if (pair instanceof RecordingPair.ClearPair clear) {
        try (Progress progress = progress(out)) {
          muxed = muxer.mux(clear, callLater, target, progress);
        }
      } else {
        throw new IllegalStateException("a pair is encrypted or clear");
      }
      target.publish();
      report(out, call, screen, muxed);
    }
    return ExitCode.OK;
  }

  private Muxer.Muxed muxEncrypted(
      Muxer muxer,
      RecordingPair.EncryptedPair pair,
      Duration callLater,
      @Nullable RecordingFormat asked,
      MuxOutput target)
      throws Exception {
    if (certificates.isEmpty()) {
      throw usage("both recordings are encrypted: under which recording certificate shall the muxed"
          + " one be? (expected: --cert CERT.pem)");
    }
    if (Inputs.isStandard(target.media())) {
      throw usage("-o - of an encrypted recording, which is more than one file (expected: -o OUT)");
    }
    List<RecordingCertificate> recipients = policyOptions.accept(terminal, certificates);
    RecordingFormat chosen =
        asked != null ? asked : EnvelopeInfo.of(pair.screen().source()).format();
    if (!keys.areNamed(terminal)) {
      throw usage(
          "both recordings are encrypted (expected: --key KEY.pem or --keystore FILE that decrypts them)");
    }
    try (KeyOptions.Keys opened = keys.open(terminal);
        Progress progress = progress(target.media())) {
      Muxer.Muxed muxed = muxer.mux(
          pair,
          callLater,
          Muxer.Decryption.by(opened.unwrapper(), RecordingExpectation.none()),
          Muxer.Decryption.by(opened.unwrapper(), RecordingExpectation.none()),
          new Muxer.Encryption(chosen, recipients, RecordingContext.UNKNOWN),
          target,
          progress);
      if (!muxed.authenticated()) {
        terminal.note("tapeseal: warning: " + pair.call() + ", " + pair.screen()
            + ": at least one is unauthenticated: it has no .mac, so a change of it went unseen");
      }
      return muxed;
    }
  }

  private Progress progress(Path out) {
    return Progress.ofBytes(terminal, "muxing " + out, -1);
  }

  private Duration callLater() {
    if (callStart == null && screenStart == null) {
      return Duration.ZERO;
    }
    if (callStart == null || screenStart == null) {
      throw usage("--call-start and --screen-start: one without the other (expected: both, or none"
          + " where they start together)");
    }
    Duration later = Duration.between(screenStart, callStart);
    if (later.abs().compareTo(MuxedMp4.MAX_OFFSET) > 0) {
      throw usage("--call-start and --screen-start: " + later.abs()
          + " apart (expected: recordings of one interaction, at most a day)");
    }
    return later;
  }

  private void report(Path out, Path call, Path screen, Muxer.Muxed muxed) {
    if (!json) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("output", out.toString());
    report.put("call", call.toString());
    report.put("screen", screen.toString());
    report.put("bytes", muxed.plaintextBytes());
    report.put("durationMs", muxed.duration().toMillis());
    RecordingFacts facts = muxed.facts();
    report.put("encrypted", facts != null);
    if (facts != null) {
      report.put("authenticated", muxed.authenticated());
      report.put("format", facts.format().label());
      report.put("recipients", facts.recipients().stream().map(Object::toString).toList());
    }
    Json.print(terminal.out(), report);
  }

  // --- a catalog ---

  private ExitCode muxCatalog() throws Exception {
    MuxStoreOptions options = catalog == null ? new MuxStoreOptions() : catalog;
    if (!inputs.isEmpty() || output != null || callStart != null || screenStart != null) {
      throw usage(
          "--store or --data with CALL, SCREEN, -o, --call-start or --screen-start (expected:"
              + " the catalog alone; it knows when its recordings started)");
    }
    RecordingFormat chosen = format == null ? null : RecordingFormats.of(format);
    StoreOptions.Chosen pairs = store.choose(terminal);
    DataFolder folder = pairs.data();
    if (folder == null) {
      return muxCatalog(
          pairs,
          options,
          MuxCertificates.always(
              certificates.isEmpty() ? List.of() : policyOptions.accept(terminal, certificates)),
          chosen);
    }
    if (!certificates.isEmpty() || policyOptions.isGiven()) {
      throw usage("--cert, --ca, --crl or --warn-days without --store (expected: --store DIR with"
          + " certificates, or --data DIR, which provisions them)");
    }
    if (!rcs.isGiven()) {
      keys.otherwise(folder.keyStore());
    }
    return muxCatalog(
        pairs,
        options,
        MuxCertificates.provisioned(DataOption.judging(folder), Clock.systemUTC()),
        chosen);
  }

  private ExitCode muxCatalog(
      StoreOptions.Chosen pairs,
      MuxStoreOptions options,
      MuxCertificates current,
      @Nullable RecordingFormat chosen)
      throws Exception {
    MuxStore mux = new MuxStore(terminal, pairs, options, json);
    if (rcs.isGiven()) {
      if (keys.areGiven()) {
        throw usage("--rcs with --key or --keystore (expected: one of them)");
      }
      CatalogDecryption remote = rcs.decryption(terminal);
      return mux.run(Muxer.of(audio), muxer -> muxer.withEncryption(remote, current, chosen));
    }
    if (!keys.areNamed(terminal)) {
      return mux.run(Muxer.of(audio), UnaryOperator.identity());
    }
    try (KeyOptions.Keys opened = keys.open(terminal)) {
      return mux.run(
          Muxer.of(audio),
          muxer -> muxer.withEncryption(CatalogDecryption.by(opened.unwrapper()), current, chosen));
    }
  }

  private static CommandException usage(String what) {
    return new CommandException(ExitCode.USAGE, what);
  }
}
