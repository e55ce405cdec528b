package dev.tapeseal.rcs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** A client of one request, which keeps what came before the connection ended, however that was. */
final class CutClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;

  CutClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /** What came: of a body in chunks, whether its last one did; of another the length that was promised. */
  @SuppressWarnings("ArrayRecordComponent") // a test's own
  record Body(int status, long promised, byte[] received, boolean complete) {}

  Body get(String path, String user) throws IOException {
    return send("GET " + path, user, new byte[0]);
  }

  Body post(String path, String user, byte[] body) throws IOException {
    return send("POST " + path, user, body);
  }

  private Body send(String methodAndPath, String user, byte[] body) throws IOException {
    String basic =
        Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes((methodAndPath + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic "
            + basic + "\r\nConnection: close\r\n"
            + (body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n")
        .getBytes(StandardCharsets.UTF_8));
    request.writeBytes(body);
    Thread sender = new Thread(
        () -> {
          try {
            socket.getOutputStream().write(request.toByteArray());
          } catch (IOException e) {
            // the server has answered, and reads no more
            assert !socket.isInputShutdown() : e;
          }
        },
        "sender");
    sender.setDaemon(true);
    sender.start();
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    long promised = -1;
    boolean chunked = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        promised = Long.parseLong(lower.substring(lower.indexOf(':') + 1).strip());
      }
      chunked |= lower.equals("transfer-encoding: chunked");
    }
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    boolean complete = chunked ? chunks(in, received) : whole(in, received, promised);
    return new Body(status, promised, received.toByteArray(), complete);
  }

  private static boolean whole(DataInputStream in, ByteArrayOutputStream received, long promised) {
    try {
      while (received.size() != promised) {
        int octet = in.read();
        if (octet < 0) {
          return false;
        }
        received.write(octet);
      }
      return true;
    } catch (IOException e) {
      return false; // a reset is an end as well
    }
  }

  private static boolean chunks(DataInputStream in, ByteArrayOutputStream received) {
    try {
      while (true) {
        int size = Integer.parseInt(line(in), 16);
        received.writeBytes(in.readNBytes(size));
        line(in);
        if (size == 0) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.readUnsignedByte(); octet != '\n'; octet = in.readUnsignedByte()) {
      line.append((char) octet);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
