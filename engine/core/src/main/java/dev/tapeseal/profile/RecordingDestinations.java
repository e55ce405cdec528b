package dev.tapeseal.profile;

import dev.tapeseal.settings.Secret;
import java.util.Optional;

/**
 * Where recordings and their metadata go. The fields are those of the documented Recording tab; all
 * may be left out.
 *
 * @param storage Storage Destination, where media are put: a folder, or an HTTP address
 * @param storageAuthorization {@code username:password} for it
 * @param recordingProcessorUri Recording Processor URI, where metadata are posted
 * @param speechMiner SpeechMiner Destination, where media for SpeechMiner are put
 * @param interactionReceiver SpeechMiner Interaction Receiver, an HTTP address
 * @param interactionReceiverAuthorization {@code username:password} for it
 */
public record RecordingDestinations(
    Optional<String> storage,
    Optional<Secret> storageAuthorization,
    Optional<String> recordingProcessorUri,
    Optional<String> speechMiner,
    Optional<String> interactionReceiver,
    Optional<Secret> interactionReceiverAuthorization) {}
