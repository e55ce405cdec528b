package dev.tapeseal.capture;

import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.Tenant;
import java.util.random.RandomGenerator;

/**
 * What is known of an interaction when its recording starts. The call UUID and the agent's id link its call
 * recording and its screen recording. All but the tenant and the call UUID may be empty, where unknown.
 *
 * @param tenant whose interaction it is
 * @param callUuid the call's UUID, which becomes the call recording's id: 1 to 128 letters, digits, '_' or '-'
 * @param callerNumber the caller's number (ANI)
 * @param dialedNumber the dialed number (DNIS)
 * @param agentId the agent
 * @param ivrProfile the IVR profile that it is recorded under
 * @param connectionId the connection ID
 * @param sipServerApplicationName the SIP Server that the call came by
 */
public record Interaction(
    Tenant tenant,
    String callUuid,
    String callerNumber,
    String dialedNumber,
    String agentId,
    String ivrProfile,
    String connectionId,
    String sipServerApplicationName) {

  /** Refuses a call UUID that names no recording. */
  public Interaction {
    RecordingId unused = new RecordingId(callUuid);
  }

  /**
   * A call of which nothing else is known.
   *
   * @param callUuid as for the record
   */
  public static Interaction of(Tenant tenant, String callUuid) {
    return new Interaction(tenant, callUuid, "", "", "", "", "", "");
  }

  /** A call of the default tenant, with a fresh UUID and nothing else known of it. */
  public static Interaction anonymous(RandomGenerator random) {
    return of(Tenant.DEFAULT, RecordingId.generate(random).value());
  }

  /** The same, between these numbers. */
  public Interaction withNumbers(String caller, String dialed) {
    return new Interaction(
        tenant,
        callUuid,
        caller,
        dialed,
        agentId,
        ivrProfile,
        connectionId,
        sipServerApplicationName);
  }

  /** The same, with this agent. */
  public Interaction withAgent(String id) {
    return new Interaction(
        tenant,
        callUuid,
        callerNumber,
        dialedNumber,
        id,
        ivrProfile,
        connectionId,
        sipServerApplicationName);
  }

  /** The same, recorded under this IVR profile. */
  public Interaction withIvrProfile(String name) {
    return new Interaction(
        tenant,
        callUuid,
        callerNumber,
        dialedNumber,
        agentId,
        name,
        connectionId,
        sipServerApplicationName);
  }

  /** The same, on this connection of this SIP Server. */
  public Interaction withConnection(String id, String sipServer) {
    return new Interaction(
        tenant, callUuid, callerNumber, dialedNumber, agentId, ivrProfile, id, sipServer);
  }
}
