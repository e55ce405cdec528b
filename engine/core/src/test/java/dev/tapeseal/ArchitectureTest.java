package dev.tapeseal;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom: the design as a table that runs. */
class ArchitectureTest {
  private static final String ROOT = "dev.tapeseal.";

  /** The classes of this module alone: samples share its root. */
  private static final JavaClasses ENGINE =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  /** A row a package: the packages and the libraries that it may name. */
  private static final String TABLE = """
      certificate | nothing                                             | bouncycastle
      content     | nothing                                             | nothing
      envelope    | certificate content                                 | bouncycastle jackson
      media       | nothing                                             | jcodec jump3r
      files       | nothing                                             | nothing
      settings    | nothing                                             | nothing
      store       | nothing                                             | jackson commons-io sqlite hikari
      profile     | certificate settings files                          | jackson
      authority   | certificate keystore                                | bouncycastle
      keystore    | certificate content envelope store settings files   | bouncycastle
      capture     | profile envelope content media store certificate    | nothing
      mux         | media envelope content store certificate profile    | nothing
      """;

  private static final Map<String, String> LIBRARIES = Map.of(
      "bouncycastle", "org.bouncycastle..",
      "jackson", "tools.jackson..",
      "jcodec", "org.jcodec..",
      "jump3r", "de.sciss.jump3r..",
      "commons-io", "org.apache.commons.io..",
      "sqlite", "org.sqlite..",
      "hikari", "com.zaxxer.hikari..");

  /** What anybody may name. */
  private static Stream<String> everywhere() {
    return Stream.of(
        "java..",
        "javax.crypto..",
        "javax.net.ssl..",
        "javax.security.auth.x500..",
        "org.slf4j..",
        "org.jspecify..");
  }

  @ParameterizedTest(name = "{0} may know {1}, and the libraries {2}")
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void package_knowsOnlyThoseBelowIt_andItsLibraries(String name, String known, String libraries) {
    String[] allowed = Stream.of(
            Stream.of(ROOT + name + ".."),
            words(known).map(other -> ROOT + other + ".."),
            words(libraries).map(ArchitectureTest::packageOf),
            everywhere())
        .flatMap(packages -> packages)
        .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .allowEmptyShould(true) // the table names packages that are still to come
        .check(ENGINE);
  }

  @Test
  void everyPackage_hasARow() {
    Set<String> rows = TABLE
        .lines()
        .map(row -> row.substring(0, row.indexOf('|')).strip())
        .collect(Collectors.toSet());
    Set<String> packages = ENGINE.stream()
        .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.", -1)[0])
        .collect(Collectors.toSet());

    assertThat(packages).contains("capture", "keystore").isSubsetOf(rows);
  }

  @Test
  void packages_haveNoCycles() {
    noCyclesIn(ROOT).check(ENGINE);
  }

  @Test
  void aCycle_isFound() {
    JavaClasses tests = new ClassFileImporter().importPath(Path.of("target/test-classes"));

    EvaluationResult found = noCyclesIn(ROOT + "cycle.").evaluate(tests);

    assertThat(found.hasViolation()).isTrue();
    assertThat(found.getFailureReport().toString()).contains("Slice left", "Slice right");
  }

  private static ArchRule noCyclesIn(String root) {
    return slices().matching(root + "(*)..").should().beFreeOfCycles();
  }

  @Test
  void databases_areKnownToTheStoreAlone() {
    databasesOnlyIn("store").check(ENGINE);
  }

  @Test
  void aDatabaseElsewhere_isFound() {
    // Were they another package's, the store's own use would be the offence.
    assertThat(databasesOnlyIn("media").evaluate(ENGINE).getFailureReport().toString())
        .contains("java.sql")
        .contains(ROOT + "store");
  }

  private static ArchRule databasesOnlyIn(String name) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .because("the catalog is the store's");
  }

  @Test
  void privateKeys_areKnownWhereTheyAreKeptAndMade() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "keystore..", ROOT + "authority..")
        .should()
        .dependOnClassesThat(ofPrivateKeys())
        .because("keys that are nowhere else cannot be lost anywhere else")
        .check(ENGINE);
  }

  @Test
  void capture_cannotNameAPrivateKey() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "capture..")
        .should()
        .dependOnClassesThat(
            ofPrivateKeys().or(resideInAnyPackage(ROOT + "keystore..", ROOT + "authority..")))
        .because("a recorder that is broken into must not be able to read its own recordings")
        .check(ENGINE);
  }

  private static DescribedPredicate<JavaClass> ofPrivateKeys() {
    return assignableTo(PrivateKey.class)
        .or(assignableTo(KeyStore.class))
        .or(assignableTo(KeyPair.class))
        .as("of private keys");
  }

  static Stream<String> librariesInside() {
    return LIBRARIES.keySet().stream().sorted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("librariesInside")
  void library_staysOutOfPublicSignatures(String library) {
    classes()
        .that()
        .arePublic()
        .should(notShow(resideInAnyPackage(packageOf(library))))
        .because("who uses the engine must not depend on the version of " + library)
        .check(ENGINE);
  }

  private static ArchCondition<JavaClass> notShow(DescribedPredicate<JavaClass> hidden) {
    return new ArchCondition<>("not show classes that " + hidden.getDescription()) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream<JavaClass> parents =
            Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
        parents.filter(hidden).forEach(shown -> report(type.getFullName(), shown, events));
        for (JavaMember member : type.getMembers()) {
          if (isShown(member)) {
            types(member)
                .flatMap(of -> of.getAllInvolvedRawTypes().stream())
                .filter(describe("", named -> hidden.test(named.getBaseComponentType())))
                .forEach(shown -> report(member.getFullName(), shown, events));
          }
        }
      }

      private void report(String where, JavaClass shown, ConditionEvents events) {
        events.add(SimpleConditionEvent.violated(where, where + " shows " + shown.getName()));
      }
    };
  }

  private static boolean isShown(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> types(JavaMember member) {
    if (member instanceof JavaCodeUnit method) {
      return Stream.of(
              Stream.of(method.getReturnType()),
              method.getParameterTypes().stream(),
              method.getExceptionTypes().stream().map(JavaType.class::cast))
          .flatMap(types -> types);
    }
    return Stream.of(((JavaField) member).getType());
  }

  private static Stream<String> words(String text) {
    return text.equals("nothing") ? Stream.empty() : Arrays.stream(text.split(" "));
  }

  private static String packageOf(String library) {
    String found = LIBRARIES.get(library);
    if (found == null) {
      throw new IllegalArgumentException(
          "library: " + library + " (expected: " + LIBRARIES.keySet() + ")");
    }
    return found;
  }
}
