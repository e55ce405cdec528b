/**
 * The Interaction Recording Web Services (IRWS): the metadata of recordings over REST, and the group settings by
 * location that tell which crypto server a node's players are sent to.
 *
 * <p>Paths of resources, the shape of recordings, and the settings groups are as documented; names of query
 * parameters, and what an answer holds beside the documented members, are ours.
 *
 * <pre>{@code
 * WebServices services = new WebServices(store, WebServices.Node.of(new Location("/US/AK")), dataFolder, server::uri);
 * Router router = services.router(authentication);
 * }</pre>
 */
@NullMarked
package dev.tapeseal.webservices;

import org.jspecify.annotations.NullMarked;
