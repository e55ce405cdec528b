package dev.tapeseal.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server shows of itself over TLS 1.2 and 1.3, read once when it starts.
 *
 * @param certificateChain PEM: the server's certificate first
 * @param privateKey PEM: PKCS#8, without a password
 */
public record TlsFiles(Path certificateChain, Path privateKey) {

  SslContext context() throws IOException {
    for (Path file : new Path[] {certificateChain, privateKey}) {
      if (!Files.isReadable(file)) {
        throw new IOException("TLS: cannot read " + file + " (expected: a PEM file)");
      }
    }
    try {
      return SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "TLS: " + certificateChain + " and " + privateKey
              + " are not a certificate chain and its private key (expected: PEM, the key as PKCS#8 without a password)",
          e);
    }
  }
}
