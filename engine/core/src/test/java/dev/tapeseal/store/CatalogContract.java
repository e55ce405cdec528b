package dev.tapeseal.store;

import static dev.tapeseal.store.StoreSamples.STARTED;
import static dev.tapeseal.store.StoreSamples.id;
import static dev.tapeseal.store.StoreSamples.mediaId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every catalog does. */
abstract class CatalogContract {

  @SuppressWarnings("NullAway.Init") // opened before each test
  Catalog catalog;

  /** Opens the catalog of the test, anew too. */
  abstract Catalog open() throws IOException;

  @BeforeEach
  void openCatalog() throws IOException {
    catalog = open();
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  static CatalogEntry entry(Recording.Builder recording, Instant started) {
    Recording built = recording.started(started).build();
    return new CatalogEntry(RecordingPlace.of(built.tenant(), started, built.id()), built);
  }

  void add(CatalogEntry... entries) throws IOException {
    for (CatalogEntry entry : entries) {
      catalog.insert(entry, () -> {});
    }
  }

  List<String> find(RecordingQuery query) throws IOException {
    Page page = catalog.query(query);
    assertThat(catalog.count(query)).isEqualTo(page.recordings().size());
    return page.recordings().stream().map(recording -> recording.id().value()).toList();
  }

  @ParameterizedTest(name = "{0} finds {1}")
  @CsvSource(delimiter = '|', textBlock = """
          8522001       | recording-1
          85*           | recording-2 recording-1
          *01           | recording-4 recording-1
          8*1           | recording-1
          *2*0*         | recording-2 recording-1
          *             | recording-6 recording-5 recording-4 recording-3 recording-2 recording-1
          8522          |
          8522***       | recording-2 recording-1
          8_22001       |
          85%           |
          %             |
          8522-001      | recording-1
          +1 (416) 1    | recording-3
          14161         | recording-3
          +1*           | recording-4 recording-3
          alice*        | recording-5
          Alice*        | recording-6
          ALICE*        |
          *@*           | recording-6 recording-5 recording-4 recording-3 recording-2 recording-1
          """)
  void numbers_areComparedByLettersAndDigits_withWildcards(String pattern, @Nullable String found)
      throws IOException {
    String[] numbers = {
      "8522001", "8522002", "+14161", "+1-901", "alice@example.com", "Alice@example.com"
    };
    for (int i = 0; i < numbers.length; i++) {
      add(entry(Recording.call(id(i + 1), numbers[i], "dialed" + i), STARTED.plusSeconds(i)));
    }
    if (pattern.equals("%")) {
      assertThatIllegalArgumentException().isThrownBy(() -> RecordingQuery.ALL.withCaller("%"));
      return;
    }

    assertThat(find(RecordingQuery.ALL.withCaller(pattern)))
        .containsExactly(found == null ? new String[0] : found.split(" "));
  }

  @Test
  void wildcardPastAscii_findsWhatItShould() throws IOException {
    add(
        entry(Recording.call(id(1), "zoé7", ""), STARTED),
        entry(Recording.call(id(2), "zoéz", ""), STARTED),
        entry(Recording.call(id(3), "zof", ""), STARTED));

    assertThat(find(RecordingQuery.ALL.withCaller("zoé*")))
        .containsExactly("recording-2", "recording-1");
    assertThat(find(RecordingQuery.ALL.withCaller("zo*"))).hasSize(3);
    assertThat(find(RecordingQuery.ALL.withCaller("z*"))).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "+", "%", "_-"})
  void numberWithNothingToCompare_isRefused(String number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordingQuery.ALL.withDialed(number))
        .withMessageContaining("dialed");
  }

  @Test
  void eachCondition_narrows() throws IOException {
    Tenant other = new Tenant("abcd", "Other");
    add(
        entry(StoreSamples.metadata(id(1)), STARTED),
        entry(
            Recording.screen(id(2))
                .tenant(other)
                .media(MediaFile.builder(mediaId(id(2)), "video/mp4")
                    .callUuid("call-recording-1")
                    .agentId("agent8")
                    .build())
                .media(MediaFile.builder(new MediaId("second.mp4"), "video/mp4")
                    .callUuid("call-recording-3")
                    .agentId("agent7")
                    .build()),
            STARTED.plusMillis(1)));

    assertThat(find(RecordingQuery.ALL.withKind(RecordingKind.SCREEN)))
        .containsExactly("recording-2");
    assertThat(find(RecordingQuery.ALL.withTenant(other))).containsExactly("recording-2");
    assertThat(find(RecordingQuery.ALL.withTenant(new Tenant("abcd", "Environment"))))
        .isEmpty();
    assertThat(find(RecordingQuery.ALL.withContactCenterId(Tenant.DEFAULT.contactCenterId())))
        .containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withDialed("*01"))).containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withAgentId("agent7")))
        .containsExactly("recording-2", "recording-1");
    assertThat(find(RecordingQuery.ALL.withAgentId("agent8"))).containsExactly("recording-2");
    assertThat(find(RecordingQuery.ALL.withAgentId("AGENT8"))).isEmpty();
    assertThat(find(RecordingQuery.ALL.withAgentId("agent_"))).isEmpty();
    assertThat(find(RecordingQuery.ALL.withCallUuid("call-recording-1"))).hasSize(2);
    assertThat(
            find(RecordingQuery.ALL.withCallUuid("call-recording-1").withKind(RecordingKind.CALL)))
        .containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withCallUuid("x' OR '1'='1"))).isEmpty();
  }

  @Test
  void timeRange_includesItsBeginning_andNotItsEnd() throws IOException {
    add(
        entry(StoreSamples.metadata(id(1)), STARTED),
        entry(StoreSamples.metadata(id(2)), STARTED.plusMillis(1)));

    assertThat(find(RecordingQuery.ALL.withStartedFrom(STARTED))).hasSize(2);
    assertThat(find(RecordingQuery.ALL.withStartedFrom(STARTED.plusNanos(1))))
        .containsExactly("recording-2");
    assertThat(find(RecordingQuery.ALL.withStartedFrom(STARTED.plusMillis(1))))
        .containsExactly("recording-2");
    assertThat(find(RecordingQuery.ALL.withStartedBefore(STARTED))).isEmpty();
    assertThat(find(RecordingQuery.ALL.withStartedBefore(STARTED.plusNanos(1))))
        .containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withStartedBefore(STARTED.plusMillis(1))))
        .containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withStartedFrom(Instant.MIN).withStartedBefore(Instant.MAX)))
        .hasSize(2);
    assertThat(find(RecordingQuery.ALL.withStartedFrom(Instant.MAX))).isEmpty();
  }

  @Test
  void recordingThatDoesNotSayWhenItStarted_countsFromItsDay() throws IOException {
    Recording undated = Recording.screen(id(1)).build();
    add(new CatalogEntry(RecordingPlace.of(Tenant.DEFAULT, STARTED, id(1)), undated));

    assertThat(find(RecordingQuery.ALL.withStartedFrom(Instant.parse("2015-09-10T00:00:00Z"))))
        .hasSize(1);
    assertThat(find(RecordingQuery.ALL.withStartedFrom(STARTED))).isEmpty();
  }

  @ParameterizedTest(name = "pages of {0}")
  @ValueSource(ints = {1, 2, 3, 6, 7, 12, 13, 14, 1000})
  void pages_showEachRecordingOnce_forthAndBack(int limit) throws IOException {
    List<String> newestFirst = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      add(entry(
          StoreSamples.metadata(id(10 + i)),
          STARTED.plusMillis(i / 3))); // threes start at one time
      newestFirst.add(0, "recording-" + (10 + i));
    }
    List<String> forth = new ArrayList<>();
    Page page = catalog.query(RecordingQuery.ALL.withLimit(limit));
    assertThat(page.previous()).isNull();
    int pages = 1;
    collect(page, forth, forth.size());
    for (; page.next() != null; pages++) {
      page = catalog.query(RecordingQuery.ALL.withLimit(limit).withCursor(page.next()));
      collect(page, forth, forth.size());
      assertThat(page.previous()).isNotNull();
    }
    assertThat(forth).isEqualTo(newestFirst);
    assertThat(pages).isEqualTo((13 + limit - 1) / limit);

    List<String> back = new ArrayList<>();
    collect(page, back, 0);
    while (page.previous() != null) {
      page = catalog.query(RecordingQuery.ALL.withLimit(limit).withCursor(page.previous()));
      collect(page, back, 0);
      assertThat(page.next()).isNotNull();
    }
    assertThat(back).isEqualTo(newestFirst);
  }

  private static void collect(Page page, List<String> into, int at) {
    into.addAll(
        at, page.recordings().stream().map(recording -> recording.id().value()).toList());
  }

  @Test
  void pages_missNothing_whileRecordingsAreAddedAndRemoved() throws IOException {
    Random random = new Random(11);
    Set<String> before = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      add(entry(StoreSamples.metadata(id(i)), STARTED.plusMillis(random.nextInt(50))));
      before.add(id(i).value());
    }
    List<String> seen = new ArrayList<>();
    int added = 1000;
    for (Page page = catalog.query(RecordingQuery.ALL.withLimit(7)); ; ) {
      collect(page, seen, seen.size());
      add(entry(StoreSamples.metadata(id(added++)), STARTED.plusMillis(random.nextInt(50))));
      String gone = seen.get(random.nextInt(seen.size()));
      catalog.remove(new RecordingId(gone), () -> {});
      if (page.next() == null) {
        break;
      }
      page = catalog.query(RecordingQuery.ALL.withLimit(7).withCursor(page.next()));
    }

    assertThat(new LinkedHashSet<>(seen)).containsAll(before).hasSameSizeAs(seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "after",
        "after_1",
        "after__x",
        "before_1_../x",
        "after_1_x' --",
        "after_9999999999999999999_x"
      })
  void cursorThatNoPageGave_isRefused(String cursor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordingQuery.ALL.withCursor(cursor))
        .withMessageContaining("cursor");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001, Integer.MAX_VALUE})
  void limitOutOfRange_isRefused(int limit) {
    assertThatIllegalArgumentException().isThrownBy(() -> RecordingQuery.ALL.withLimit(limit));
  }

  @Test
  void publicationThatFails_leavesTheCatalogAsItWas() throws IOException {
    CatalogEntry entry = entry(StoreSamples.metadata(id(1)), STARTED);

    assertThatIOException()
        .isThrownBy(() -> catalog.insert(entry, () -> {
          throw new IOException("disk full");
        }))
        .withMessage("disk full");

    assertThat(catalog.find(id(1))).isNull();
    add(entry);
    assertThatIOException()
        .isThrownBy(() -> catalog.remove(id(1), () -> {
          throw new IOException("disk full");
        }));
    assertThat(catalog.find(id(1))).isEqualTo(entry.place());
    assertThat(find(RecordingQuery.ALL.withAgentId("agent7"))).hasSize(1);
  }

  @Test
  void textOfAnyLength_isFound() throws IOException {
    String longNumber = "85".repeat(2000);
    String longAgent = "agent ☎ ".repeat(1000);
    add(
        entry(
            Recording.call(id(1), longNumber, "+1")
                .media(MediaFile.builder(mediaId(id(1)), "audio/mp3")
                    .agentId(longAgent)
                    .callUuid("with\0NUL")
                    .build()),
            STARTED),
        entry(
            Recording.call(id(2), longNumber + "1", "+1")
                .media(MediaFile.builder(mediaId(id(2)), "audio/mp3")
                    .agentId(longAgent + "2")
                    .build()),
            STARTED));

    assertThat(find(RecordingQuery.ALL.withCaller("8585*"))).hasSize(2);
    assertThat(find(RecordingQuery.ALL.withAgentId(longAgent))).containsExactly("recording-1");
    assertThat(find(RecordingQuery.ALL.withCallUuid("with\0NUL"))).containsExactly("recording-1");
    assertThat(catalog.query(RecordingQuery.ALL).recordings())
        .extracting(recording -> recording.mediaFiles().get(0).callUuid())
        .containsExactly("", "with\0NUL");
  }

  @Test
  void ids_areOrderedByTheirCharacters() throws IOException {
    for (String name : List.of("a", "B", "_", "-", "Z", "b", "1")) {
      add(entry(Recording.screen(new RecordingId(name)), STARTED));
    }

    assertThat(find(RecordingQuery.ALL)).containsExactly("b", "a", "_", "Z", "B", "1", "-");
  }

  @Test
  void reopenedCatalog_isNotMigratedTwice() throws IOException {
    add(entry(StoreSamples.metadata(id(1)), STARTED));
    catalog.close();

    catalog = open();

    assertThat(find(RecordingQuery.ALL)).hasSize(1);
  }

  @Test
  @Timeout(60)
  void readers_areServed_howeverManyWritersWait() throws Exception {
    int waiting = 12; // more than there are connections
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(1 + waiting);
    try {
      Future<?> first = executor.submit(() -> {
        catalog.insert(entry(Recording.screen(id(0)), STARTED), () -> {
          writing.countDown();
          try {
            assertThat(read.await(50, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
        });
        return true;
      });
      writing.await();
      List<Future<?>> others = new ArrayList<>();
      for (int i = 1; i <= waiting; i++) {
        CatalogEntry entry = entry(Recording.screen(id(i)), STARTED);
        others.add(executor.submit(() -> {
          add(entry);
          return true;
        }));
      }
      Thread.sleep(500); // in which they all come to wait
      long beforeNanos = System.nanoTime();

      assertThat(catalog.find(id(0))).isNull();

      assertThat(Duration.ofNanos(System.nanoTime() - beforeNanos))
          .isLessThan(Duration.ofSeconds(5));
      read.countDown();
      first.get();
      for (Future<?> other : others) {
        other.get();
      }
      assertThat(catalog.count(RecordingQuery.ALL)).isEqualTo(1 + waiting);
    } finally {
      read.countDown();
      executor.shutdownNow();
    }
  }
}
