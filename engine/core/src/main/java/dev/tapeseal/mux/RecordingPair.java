package dev.tapeseal.mux;

import dev.tapeseal.mux.FoundRecording.Clear;
import dev.tapeseal.mux.FoundRecording.Encrypted;

/** The call and the screen recording of one interaction: both encrypted, or both not. */
public sealed interface RecordingPair {

  /** Two recordings to decrypt, mux and encrypt again. */
  record EncryptedPair(Encrypted call, Encrypted screen) implements RecordingPair {}

  /** Two recordings to mux as they are. */
  record ClearPair(Clear call, Clear screen) implements RecordingPair {}

  /**
   * Pairs two recordings.
   *
   * @throws MixedPairException where one is encrypted and the other is not
   */
  static RecordingPair of(FoundRecording call, FoundRecording screen) throws MixedPairException {
    if (call instanceof Encrypted encryptedCall && screen instanceof Encrypted encryptedScreen) {
      return new EncryptedPair(encryptedCall, encryptedScreen);
    }
    if (call instanceof Clear clearCall && screen instanceof Clear clearScreen) {
      return new ClearPair(clearCall, clearScreen);
    }
    throw new MixedPairException(
        call.name(),
        screen.name(),
        call instanceof Clear ? MixedPairException.Plain.CALL : MixedPairException.Plain.SCREEN);
  }
}
