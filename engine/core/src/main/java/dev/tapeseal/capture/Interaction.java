package dev.tapeseal.capture;

import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.Tenant;
import java.util.random.RandomGenerator;

/**
 * What is known of an interaction when its recording starts. The call UUID and the agent's id link its call
 * recording and its screen recording.
 *
 * @param tenant whose interaction it is
 * @param callUuid the call's UUID, which becomes the call recording's id: 1 to 128 letters, digits, '_' or '-'
 * @param callerNumber the caller's number (ANI), empty where unknown
 * @param dialedNumber the dialed number (DNIS), empty where unknown
 * @param agentId the agent, empty where unknown
 * @param ivrProfile the IVR profile that it is recorded under, empty where there is none
 */
public record Interaction(
    Tenant tenant,
    String callUuid,
    String callerNumber,
    String dialedNumber,
    String agentId,
    String ivrProfile) {

  /** Refuses a call UUID that names no recording. */
  public Interaction {
    RecordingId unused = new RecordingId(callUuid);
  }

  /** A call of the default tenant, with a fresh UUID and nothing else known of it. */
  public static Interaction anonymous(RandomGenerator random) {
    return new Interaction(Tenant.DEFAULT, RecordingId.generate(random).value(), "", "", "", "");
  }

  /** The same, between these numbers. */
  public Interaction withNumbers(String caller, String dialed) {
    return new Interaction(tenant, callUuid, caller, dialed, agentId, ivrProfile);
  }

  /** The same, with this agent. */
  public Interaction withAgent(String id) {
    return new Interaction(tenant, callUuid, callerNumber, dialedNumber, id, ivrProfile);
  }
}
