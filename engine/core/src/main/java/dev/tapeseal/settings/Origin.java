package dev.tapeseal.settings;

/**
 * Where a setting's value came from.
 *
 * @param layer which layer it is; an earlier one wins
 * @param place what of that layer, for people to find it: {@code flag --port}, {@code
 *     TAPESEAL_HTTP_PORT}, {@code /etc/tapeseal/rcs.properties, line 3}
 */
public record Origin(Layer layer, String place) {

  /** The layers of a configuration, the strongest first. */
  public enum Layer {
    FLAG,
    ENVIRONMENT,
    FILE,
    DEFAULT
  }

  static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

  @Override
  public String toString() {
    return place;
  }
}
