package dev.tapeseal.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client that sends exactly the bytes it is told to, and reads answers to their end and no further. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient of(HttpServer server) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), server.port()));
  }

  /** A client whose own receive buffer is small, so that what it does not read waits in the server. */
  static RawClient narrow(HttpServer server, int receiveBufferBytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBufferBytes);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    return new RawClient(socket);
  }

  /** An answer; its body is as long as the message said, or up to where the connection ended. */
  record Reply(int status, List<String> headers, String latin1) {
    Reply(int status, List<String> headers, byte[] body) {
      this(status, headers, new String(body, StandardCharsets.ISO_8859_1));
    }

    byte[] body() {
      return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    Optional<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst();
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a GET with more header lines, each with its CRLF. */
  RawClient get(String path, String headerLines) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headerLines + "\r\n");
  }

  Reply reply() throws IOException {
    return reply(false);
  }

  Reply replyToHead() throws IOException {
    return reply(true);
  }

  private Reply reply(boolean toHead) throws IOException {
    String statusLine = line();
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    List<String> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    Reply head = new Reply(status, headers, new byte[0]);
    if (toHead || status == 304 || status == 204 || status == 100) {
      return head;
    }
    if (head.header("Transfer-Encoding").isPresent()) {
      return new Reply(status, headers, chunks());
    }
    Optional<String> length = head.header("Content-Length");
    if (length.isEmpty()) {
      return new Reply(status, headers, in.readAllBytes());
    }
    byte[] body = in.readNBytes(Integer.parseInt(length.get()));
    if (body.length < Integer.parseInt(length.get())) {
      throw new EOFException("cut after " + body.length + " of " + length.get() + " bytes");
    }
    return new Reply(status, headers, body);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      byte[] chunk = in.readNBytes(size);
      if (chunk.length < size) {
        throw new EOFException("cut within a chunk");
      }
      body.write(chunk);
      line();
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** One byte, or -1 at the end. */
  int read() throws IOException {
    return in.read();
  }

  byte[] read(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Whether the server ends the connection without another byte; a reset is an end as well. */
  boolean isEnded() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Closes with a reset, as a client that vanishes does. */
  void vanish() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
