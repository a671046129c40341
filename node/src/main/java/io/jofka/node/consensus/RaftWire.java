package io.jofka.node.consensus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.requests.ResponseHeader;

/** The engine's messages as bytes: API key, version, body (Kafka protocol guide). */
final class RaftWire {
    private static final int HEAD = 4;
    /** Size and correlation id, which the engine's writer puts before a response. */
    private static final int RESPONSE_HEAD = 8;

    private RaftWire() {}

    /** A message and the version it is written in. */
    record Versioned(ApiMessage message, short version) {}

    static byte[] request(ApiMessage message) {
        ApiMessageType type = ApiMessageType.fromApiKey(message.apiKey());
        short version = type.highestSupportedVersion(false);
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, version).buffer();
        ByteBuffer whole = ByteBuffer.allocate(HEAD + body.remaining());
        whole.putShort(message.apiKey()).putShort(version).put(body);
        return whole.array();
    }

    /** @throws IllegalArgumentException for bytes that are no request of the engine */
    static Versioned readRequest(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            ApiMessageType type = ApiMessageType.fromApiKey(in.getShort());
            short version = in.getShort();
            if (version < type.lowestSupportedVersion() || version > type.highestSupportedVersion(false)) {
                throw new IllegalArgumentException("version " + version + " of " + type + " is not known");
            }
            ApiMessage message = type.newRequest();
            message.read(new ByteBufferAccessor(in), version);
            return new Versioned(message, version);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a message of the metadata log: " + e.getMessage(), e);
        }
    }

    /** Also of answers whose records lie in a file. */
    static byte[] response(ApiMessage message, short version) {
        Collected channel = new Collected();
        Send send = SendBuilder.buildResponseSend(new ResponseHeader(0, (short) 0), message, version);
        try {
            while (!send.completed()) {
                send.writeTo(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an answer of the metadata log cannot be read", e);
        }
        byte[] whole = channel.bytes.toByteArray();
        return java.util.Arrays.copyOfRange(whole, RESPONSE_HEAD, whole.length);
    }

    /** @throws IllegalArgumentException for bytes that are not the answer to such a request */
    static ApiMessage readResponse(short apiKey, byte[] bytes) {
        try {
            ApiMessageType type = ApiMessageType.fromApiKey(apiKey);
            ApiMessage message = type.newResponse();
            message.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), type.highestSupportedVersion(false));
            return message;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not an answer of the metadata log: " + e.getMessage(), e);
        }
    }

    /** A channel into memory. */
    private static final class Collected implements TransferableChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final WritableByteChannel channel = Channels.newChannel(bytes);

        @Override
        public boolean hasPendingWrites() {
            return false;
        }

        @Override
        public long transferFrom(FileChannel file, long position, long count) throws IOException {
            return file.transferTo(position, count, channel);
        }

        @Override
        public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
            long written = 0;
            for (int i = offset; i < offset + length; i++) {
                written += channel.write(buffers[i]);
            }
            return written;
        }

        @Override
        public long write(ByteBuffer[] buffers) throws IOException {
            return write(buffers, 0, buffers.length);
        }

        @Override
        public int write(ByteBuffer buffer) throws IOException {
            return channel.write(buffer);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // memory only
        }
    }
}
