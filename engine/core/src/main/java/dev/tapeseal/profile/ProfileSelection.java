package dev.tapeseal.profile;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Picks the IVR profile that a call is recorded under. The documented order, among the profiles
 * whose service type is {@code record}:
 *
 * <ol>
 *   <li>where the call has a geo-location, one with the same {@code geo-location};
 *   <li>where the call has none and there is only one, that one;
 *   <li>the profile named {@code record};
 *   <li>the default profile.
 * </ol>
 *
 * <p>Ours: of several with the same geo-location the first by name is taken (any may be, as
 * documented, and the same each time is better); the profile named {@code record} and the default
 * one are taken whatever their service type, since the documentation asks for none there; which
 * profile is the default is a setting, as there is no tenant object to say so; where none of this
 * finds a profile nothing is recorded, and that is an error.
 */
final class ProfileSelection {
  private static final String RECORD = "record";

  private ProfileSelection() {}

  static Optional<IvrProfile> select(
      List<IvrProfile> profiles, Optional<String> geoLocation, String defaultName) {
    List<IvrProfile> recording = profiles.stream()
        .filter(IvrProfile::isForRecording)
        .sorted(Comparator.comparing(IvrProfile::name))
        .toList();
    Optional<IvrProfile> here = recording.stream()
        .filter(profile -> geoLocation.isPresent() && profile.geoLocation().equals(geoLocation))
        .findFirst();
    if (here.isPresent()) {
      return here;
    }
    if (geoLocation.isEmpty() && recording.size() == 1) {
      return Optional.of(recording.get(0));
    }
    return named(profiles, RECORD).or(() -> named(profiles, defaultName));
  }

  private static Optional<IvrProfile> named(List<IvrProfile> profiles, String name) {
    return profiles.stream()
        .filter(profile -> profile.name().value().equals(name))
        .findFirst();
  }
}
