package dev.tapeseal.webservices;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Guard;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.Json;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.store.InvalidMetadataException;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Recordings of one kind: found, shown, inserted and deleted. */
final class RecordingResources {
  private static final int MAX_METADATA_BYTES = 4 << 20;

  private final RecordingKind kind;
  private final RecordingStore store;
  private final WebServices.Node node;
  private final MediaLinks links;
  private final String collection;

  RecordingResources(
      RecordingKind kind, RecordingStore store, WebServices.Node node, MediaLinks links) {
    this.kind = kind;
    this.store = store;
    this.node = node;
    this.links = links;
    this.collection = kind.collection();
  }

  List<Route> routes(Authentication authentication) {
    Guard readers = authentication.requires(WebServices.DECRYPT, WebServices.OPS);
    Guard ops = authentication.requires(WebServices.OPS);
    String path = "/api/v2/" + collection;
    return List.of(
        Route.get(path).guardedBy(readers).handledBy(this::query),
        Route.get(path + "/{id}").guardedBy(readers).handledBy(this::show),
        Route.delete(path + "/{id}").guardedBy(ops).handledBy(this::delete),
        Route.post("/internal-api/contact-centers/{contactCenterId}/" + collection)
            .guardedBy(ops)
            .bodyUpTo(MAX_METADATA_BYTES)
            .handledBy(this::insert));
  }

  private Response query(Request request) throws IOException {
    QueryParameters parameters = QueryParameters.of(request.query());
    Page page = store.query(parameters.query(kind));
    List<Object> shown = new ArrayList<>();
    for (Recording recording : page.recordings()) {
      shown.add(json(recording));
    }
    Map<String, Object> answer = SettingsResources.success();
    answer.put(kind == RecordingKind.CALL ? "recordings" : "screenRecordings", shown);
    link(answer, "previousUri", parameters, page.previous());
    link(answer, "nextUri", parameters, page.next());
    return Response.json(200, answer);
  }

  private void link(
      Map<String, Object> answer,
      String member,
      QueryParameters parameters,
      @Nullable String cursor) {
    if (cursor != null) {
      answer.put(member, "/api/v2/" + collection + "?" + parameters.at(cursor));
    }
  }

  private Response show(Request request) throws IOException {
    return Response.json(200, json(find(request)));
  }

  private Response delete(Request request) throws IOException {
    try {
      store.delete(find(request).id());
    } catch (NoSuchFileException e) {
      throw notFound(); // another was faster
    }
    return Response.json(200, SettingsResources.success());
  }

  private Response insert(Request request) throws IOException {
    String contactCenterId = node.known(request.pathParameter("contactCenterId"));
    Recording inserted;
    try {
      Recording sent = Recording.parse(request.body());
      inserted = store.insert(sent.toBuilder()
          .kind(kind)
          .tenant(new Tenant(contactCenterId, sent.tenant().name()))
          .build());
    } catch (InvalidMetadataException | IllegalArgumentException e) {
      throw new HttpException(
          400,
          "metadata-invalid",
          String.valueOf(e.getMessage()),
          "Send the documented JSON of one recording, with startTime and mediaFiles.");
    } catch (FileAlreadyExistsException e) {
      throw new HttpException(
          409,
          "exists",
          "There is a recording of this id.",
          "Choose another id, or delete that one.");
    } catch (NoSuchFileException e) {
      throw new HttpException(
          409,
          "media-not-stored",
          "A media file that the metadata name is not stored: " + e.getFile() + ".",
          "Store the media first; metadata come after.");
    }
    return Response.json(201, json(inserted))
        .header("Location", "/api/v2/" + collection + "/" + inserted.id());
  }

  private Recording find(Request request) throws IOException {
    RecordingId id;
    try {
      id = new RecordingId(request.pathParameter("id"));
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
    Optional<Recording> found = store.find(id);
    return found
        .filter(recording -> recording.kind() == kind
            && node.contactCenterIds().contains(recording.tenant().contactCenterId()))
        .orElseThrow(RecordingResources::notFound);
  }

  private static HttpException notFound() {
    return new HttpException(404, "not-found", "There is no such recording.", "Check its id.");
  }

  private Object json(Recording recording) throws IOException {
    return Json.read(links.link(recording).toJson(), Map.class);
  }
}
