package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.samples.CmsEncryption;
import dev.tapeseal.samples.SampleEnvelope;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvelopeInfoTest {

  @ParameterizedTest
  @EnumSource
  void ownRecording_tellsItsFormItsLengthsAndItsMac(LengthForm form) throws IOException {
    MemoryRecording recording = Recordings.inForm(
        form, RecordingOptions.live().withMac(CONTEXT), randomBytes(100_000), 1000, FIRST, SECOND);

    EnvelopeInfo info = EnvelopeInfo.of(recording);

    assertThat(info.form()).isEqualTo(form);
    assertThat(info.armour()).isEqualTo("none");
    assertThat(info.format()).isEqualTo(RecordingFormat.PKCS7);
    assertThat(info.contentCipher()).isEqualTo("AES-256-CBC");
    assertThat(info.recipients())
        .extracting(Recipient::identifier)
        .containsExactlyInAnyOrder(
            Recordings.certificate(FIRST).identifier(),
            Recordings.certificate(SECOND).identifier());
    assertThat(info.recipients())
        .extracting(Recipient::keyTransport)
        .containsOnly(new KeyTransport.Pkcs1());
    assertThat(info.ciphertextBytes()).isEqualTo(100_016);
    assertThat(info.minPlaintextBytes()).isEqualTo(100_000);
    assertThat(info.maxPlaintextBytes()).isEqualTo(100_015);
    assertThat(info.pieceBytes()).isEqualTo(form == LengthForm.INDEFINITE ? 65_536 : 0);
    int behindTheHeader = form == LengthForm.INDEFINITE ? 2 * 6 + 10 : 0;
    assertThat(info.headerBytes()).isEqualTo(recording.media().length - 100_016 - behindTheHeader);
    EnvelopeInfo.Mac mac = Objects.requireNonNull(info.mac());
    assertThat(mac.tags()).isEqualTo(2);
    assertThat(mac.fits()).isTrue();
    assertThat(mac.contextDigest()).isEqualTo(HexFormat.of().formatHex(CONTEXT.digest()));
  }

  @Test
  void foreignMessages_tellTheirArmourAndTheirAlgorithms() throws IOException {
    EnvelopeInfo pem = EnvelopeInfo.of(MemoryRecording.of(SampleEnvelope.PEM.bytes()));
    EnvelopeInfo mail = EnvelopeInfo.of(MemoryRecording.of(SampleEnvelope.SMIME_MIME.bytes()));
    EnvelopeInfo oaep =
        EnvelopeInfo.of(MemoryRecording.of(SampleEnvelope.OAEP_SHA256_MGF1_SHA1.bytes()));
    EnvelopeInfo weaker = EnvelopeInfo.of(MemoryRecording.of(SampleEnvelope.SMALL_AES128.bytes()));
    EnvelopeInfo pieces = EnvelopeInfo.of(
        MemoryRecording.of(CmsEncryption.to(FIRST).inPiecesOf(1000).encrypt(new byte[5000])));

    assertThat(pem.armour()).isEqualTo("PEM");
    assertThat(pem.mac()).isNull();
    assertThat(mail.armour()).isEqualTo("S/MIME");
    assertThat(oaep.recipients().get(0).keyTransport())
        .isEqualTo(new KeyTransport.Oaep("SHA-256", "SHA-1"));
    assertThat(weaker.contentCipher()).isEqualTo("AES-128-CBC");
    assertThat(pieces.form()).isEqualTo(LengthForm.INDEFINITE);
    assertThat(pieces.pieceBytes()).isEqualTo(1000);
  }

  @Test
  void macOfAnotherLength_doesNotFit() throws IOException {
    RecordingOptions options = RecordingOptions.live().withMac(CONTEXT);
    MemoryRecording longer =
        Recordings.inForm(LengthForm.DER, options, randomBytes(70_000), 1000, FIRST);
    MemoryRecording shorter =
        Recordings.inForm(LengthForm.DER, options, randomBytes(10), 1000, FIRST);

    EnvelopeInfo info =
        EnvelopeInfo.of(longer.with(RecordingPart.MAC, shorter.bytes(RecordingPart.MAC)));

    assertThat(Objects.requireNonNull(info.mac()).fits()).isFalse();
  }

  @Test
  void whatIsNoEnvelope_isRefused_andSoIsADamagedMac() throws IOException {
    MemoryRecording recording =
        Recordings.inForm(LengthForm.DER, RecordingOptions.live(), randomBytes(10), 10, FIRST);

    assertThatExceptionOfType(EnvelopeException.Malformed.class)
        .isThrownBy(() -> EnvelopeInfo.of(MemoryRecording.of(new byte[] {'I', 'D', '3'})));
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> EnvelopeInfo.of(recording.with(RecordingPart.MAC, new byte[10])));
  }
}
