package dev.tapeseal.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Options in sections, as the platform's configuration objects have them: {@code {"sections":
 * {SECTION: {OPTION: "value"}}}}. A view of a tree.
 *
 * @param source what messages call it
 */
record Options(ObjectNode tree, String source) {
  private static final String SECTIONS = "sections";

  /** An option's value, blanks around it left out; empty where it is absent. */
  Optional<String> find(String section, String option) throws ProfileException {
    return raw(section, option).map(String::strip);
  }

  /** An option's value as it stands. */
  Optional<String> raw(String section, String option) throws ProfileException {
    Optional<ObjectNode> found = section(section);
    return found.isEmpty() ? Optional.empty() : Json.text(found.get(), option, at(section));
  }

  /** The names of a section's options. */
  List<String> names(String section) throws ProfileException {
    Optional<ObjectNode> found = section(section);
    return found.isEmpty() ? List.of() : new ArrayList<>(found.get().propertyNames());
  }

  private Optional<ObjectNode> section(String section) throws ProfileException {
    Optional<ObjectNode> sections = Json.child(tree, SECTIONS, source);
    return sections.isEmpty()
        ? Optional.empty()
        : Json.child(sections.get(), section, source + ": " + SECTIONS);
  }

  /** Sets an option, and makes its section where it is absent. */
  void set(String section, String option, String value) throws ProfileException {
    Optional<ObjectNode> sections = Json.child(tree, SECTIONS, source);
    ObjectNode all = sections.isPresent() ? sections.get() : tree.putObject(SECTIONS);
    Optional<ObjectNode> found = Json.child(all, section, source + ": " + SECTIONS);
    ObjectNode options = found.isPresent() ? found.get() : all.putObject(section);
    options.put(option, value);
  }

  /** Removes an option; an empty section stays. */
  void remove(String section, String option) throws ProfileException {
    section(section).ifPresent(options -> options.remove(option));
  }

  /** An option that does not fit. */
  ProfileException invalid(String section, String option, String what) {
    return new ProfileException.Invalid(at(section) + ": " + option + ": " + what);
  }

  private String at(String section) {
    return source + ": section " + section;
  }
}
