package dev.tapeseal;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
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

/** Who of the services may know whom: the server's rows of the design, as a table that runs. */
class ServerArchitectureTest {
  private static final String ROOT = "dev.tapeseal.";

  /** The classes of this module alone. */
  private static final JavaClasses SERVER =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  /** A row a package: the packages and the libraries that it may name. */
  private static final String TABLE = """
      http        | nothing                                                           | netty jackson micrometer
      rcs         | http keystore envelope content store certificate profile settings | caffeine
      webservices | http store profile certificate settings                           | nothing
      proxy       | http webservices profile store settings                           | netty
      recorder    | http capture profile store media certificate settings             | netty
      """;

  /** The one that starts all of them, and knows everything. */
  private static final String PLATFORM = "platform";

  private static final Map<String, String> LIBRARIES = Map.of(
      "netty", "io.netty..",
      "jackson", "tools.jackson..",
      "micrometer", "io.micrometer..",
      "caffeine", "com.github.benmanes.caffeine..");

  @ParameterizedTest(name = "{0} may know {1}, and the libraries {2}")
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void package_knowsOnlyThoseBelowIt_andItsLibraries(String name, String known, String libraries) {
    String[] allowed = Stream.of(
            Stream.of(ROOT + name + ".."),
            words(known).map(other -> ROOT + other + ".."),
            words(libraries).map(library -> LIBRARIES.getOrDefault(library, "no." + library)),
            Stream.of(
                "java..", "javax.crypto..", "javax.net.ssl..", "org.slf4j..", "org.jspecify.."))
        .flatMap(packages -> packages)
        .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .allowEmptyShould(true) // the table names packages that are still to come
        .check(SERVER);
  }

  @Test
  void everyPackage_hasARow() {
    Set<String> rows = Stream.concat(
            TABLE.lines().map(row -> row.substring(0, row.indexOf('|')).strip()),
            Stream.of(PLATFORM))
        .collect(Collectors.toSet());
    Set<String> packages = SERVER.stream()
        .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.", -1)[0])
        .collect(Collectors.toSet());

    assertThat(packages).contains("http").isSubsetOf(rows);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(SERVER);
  }

  @Test
  void libraries_stayOutOfPublicSignatures() {
    var ofALibrary = resideInAnyPackage(LIBRARIES.values().toArray(String[]::new));
    noCodeUnits()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should()
        .haveRawReturnType(ofALibrary)
        .orShould()
        .haveRawParameterTypes(anyElementThat(ofALibrary))
        .because("a service must not depend on what the layer below it is made of")
        .check(SERVER);
  }

  @Test
  void services_holdNoPrivateKey() {
    noClasses()
        .should()
        .dependOnClassesThat(assignableTo(PrivateKey.class).or(assignableTo(KeyStore.class)))
        .because("keys are kept in the key store; TLS reads its own from files")
        .check(SERVER);
  }

  private static Stream<String> words(String text) {
    return text.equals("nothing") ? Stream.empty() : Arrays.stream(text.split(" "));
  }
}
