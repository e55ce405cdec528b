package dev.tapeseal.webservices;

import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where a player fetches media: what is encrypted from the crypto server of the node's location, what is clear, or has no
 * crypto server, from this node.
 */
final class MediaLinks {
  private final DecryptUriPrefixes prefixes;
  private final Supplier<URI> player;

  MediaLinks(DecryptUriPrefixes prefixes, Supplier<URI> player) {
    this.prefixes = prefixes;
    this.player = player;
  }

  /** The same recording with the addresses of its media. */
  Recording link(Recording recording) throws IOException {
    String contactCenterId = recording.tenant().contactCenterId();
    List<URI> cryptoServers = prefixes.forNode(contactCenterId);
    Recording.Builder linked = recording.toBuilder();
    for (MediaFile file : recording.mediaFiles()) {
      String path =
          "/" + recording.kind().collection() + "/" + recording.id() + "/play/" + file.mediaId();
      String uri = file.encryption() == null || cryptoServers.isEmpty()
          ? player.get() + "/api/v2" + path
          : cryptoServers.get(0) + "/contact-centers/" + contactCenterId + path;
      linked.media(file.toBuilder().mediaUri(uri).playPath(path).build());
    }
    return linked.build();
  }
}
