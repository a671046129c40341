package io.jofka.node.kafka;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/** A client that speaks bytes: sends what it is told, right or wrong, and reads answers strictly. */
final class Wire implements AutoCloseable {
    static final int TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    Wire(int port) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1));
    }

    static RequestHeader header(ApiKeys key, int version, int correlationId) {
        return new RequestHeader(key, (short) version, "wire", correlationId);
    }

    /** A whole frame with its length. */
    static byte[] frame(ApiKeys key, int version, int correlationId, ApiMessage body) {
        RequestHeader header = header(key, version, correlationId);
        ByteBuffer bytes = RequestUtils.serialize(header.data(), header.headerVersion(), body, (short) version);
        ByteBuffer framed = ByteBuffer.allocate(4 + bytes.remaining());
        framed.putInt(bytes.remaining()).put(bytes);
        return framed.array();
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    Wire send(ApiKeys key, int version, int correlationId, ApiMessage body) throws IOException {
        return send(frame(key, version, correlationId, body));
    }

    /** The bytes of the next response without their length. */
    ByteBuffer receive() throws IOException {
        int size = in.readInt();
        return ByteBuffer.wrap(in.readNBytes(size));
    }

    /** The next response, which must be for this correlation id and be read to its last byte. */
    ApiMessage receive(ApiKeys key, int version, int correlationId) throws IOException {
        ByteBuffer bytes = receive();
        int actual = bytes.getInt();
        if (actual != correlationId) {
            throw new IOException("correlation id " + actual + " instead of " + correlationId);
        }
        if (key.responseHeaderVersion((short) version) >= 1) {
            bytes.get();
        }
        AbstractResponse response = AbstractResponse.parseResponse(key, new ByteBufferAccessor(bytes), (short) version);
        if (bytes.hasRemaining()) {
            throw new IOException(key + " v" + version + " leaves " + bytes.remaining() + " bytes");
        }
        return response.data();
    }

    <T extends ApiMessage> T receive(Class<T> type, ApiKeys key, int version, int correlationId) throws IOException {
        return type.cast(receive(key, version, correlationId));
    }

    ApiMessage call(ApiKeys key, int version, ApiMessage body) throws IOException {
        return send(key, version, 77, body).receive(key, version, 77);
    }

    <T extends ApiMessage> T call(Class<T> type, ApiKeys key, int version, ApiMessage body) throws IOException {
        return type.cast(call(key, version, body));
    }

    /** True when the server closes without sending anything more. */
    boolean closedByServer() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException | SocketException closed) {
            return true;
        }
    }

    /** Looks for that long whether the server closes; bytes that come meanwhile stay to be read. */
    boolean closedWithin(int ms) throws IOException {
        socket.setSoTimeout(ms);
        in.mark(1);
        try {
            boolean closed = in.read() < 0;
            in.reset();
            return closed;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MS);
        }
    }

    /** False when the connection is gone. */
    boolean trySend(byte[] bytes) {
        try {
            send(bytes);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Reads until the server closes. */
    void drain() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketException closed) {
            // a reset is a close
        }
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
