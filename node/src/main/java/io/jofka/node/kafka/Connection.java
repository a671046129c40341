package io.jofka.node.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: a virtual thread that reads requests, has them answered one after the other and writes the
 * answers in the same order (see {@link Outbox}). Whatever the bytes are, the worst that happens is that this connection
 * is closed with one logged reason.
 */
final class Connection implements Runnable, Client {
    private final SocketChannel channel;
    private final String address;
    private final Shared shared;
    private final Inbound inbound;
    private final Outbox outbox;
    private final AtomicBoolean reported = new AtomicBoolean();
    private final ReentrantLock waitLock = new ReentrantLock();
    private @Nullable Thread waiter;
    private volatile boolean draining;

    Connection(SocketChannel channel, String address, Shared shared) {
        this.channel = channel;
        this.address = address;
        this.shared = shared;
        this.inbound = new Inbound(channel, shared.requests(), shared.limits(), shared.clock());
        this.outbox = new Outbox(channel, shared.responses(), shared.limits(), shared.clock(), this::failed);
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (IOException | InterruptedException | RuntimeException e) {
            failed(e);
        } finally {
            abort();
            outbox.discardBurst();
            inbound.close();
            shared.ended(this);
        }
    }

    private void serve() throws IOException, InterruptedException {
        do {
            try {
                serveReceived();
            } finally {
                // also before the connection is closed for a broken request: those before it were good
                outbox.flush();
            }
        } while (!draining && inbound.fill());
        outbox.awaitDrained();
    }

    private void serveReceived() throws IOException, InterruptedException {
        for (Frame frame = inbound.next(); frame != null; frame = inbound.next()) {
            if (draining) {
                frame.release();
                return;
            }
            dispatch(frame);
        }
    }

    private void dispatch(Frame frame) throws IOException, InterruptedException {
        boolean handedOver = false;
        try {
            ByteBuffer bytes = frame.body();
            short key = bytes.getShort(0);
            short version = bytes.getShort(2);
            Api<?> api = shared.apis().find(key);
            if (api == null) {
                throw new ProtocolViolation("api key " + key + " is not served");
            }
            if (!api.answers(version)) {
                throw new ProtocolViolation("version " + version + " of " + api.key().name + " is not supported");
            }
            ListenerMetrics.ApiMeter meter = shared.metrics().of(api);
            meter.received(bytes.remaining());
            ByteBufferAccessor in = new ByteBufferAccessor(bytes);
            RequestHeaderData header = header(in, api, version);
            Api.Decoded decoded = decode(in, api, version);
            inbound.trust();
            if (api.mayWait()) {
                outbox.flush();
            }
            short responseVersion = api.responseVersion(version);
            Exchange exchange = new Exchange(
                    frame,
                    shared.metrics(),
                    meter,
                    responseVersion,
                    api.key().responseHeaderVersion(responseVersion),
                    header.correlationId(),
                    shared.clock().nanos());
            String clientId = header.clientId();
            Call call = new Call(version, header.correlationId(), clientId == null ? "" : clientId, this);
            Reply reply = answer(api, decoded, call, frame);
            handedOver = true;
            outbox.submit(exchange, reply);
        } finally {
            if (!handedOver) {
                frame.release();
            }
        }
    }

    private static RequestHeaderData header(ByteBufferAccessor in, Api<?> api, short version) {
        try {
            return new RequestHeaderData(in, api.key().requestHeaderVersion(version));
        } catch (RuntimeException e) {
            throw new ProtocolViolation("header of " + api.key().name + " cannot be read: " + e.getMessage());
        }
    }

    private Api.Decoded decode(ByteBufferAccessor in, Api<?> api, short version) {
        try {
            int limit = shared.limits().maxControlFrameBytes();
            if (in.remaining() > limit && ProduceShape.otherBytes(in.buffer(), version) > limit) {
                throw new ProtocolViolation("a produce request has more than " + limit + " bytes that are not records");
            }
            return api.decode(in, version);
        } catch (RuntimeException e) {
            throw new ProtocolViolation(api.key().name + " version " + version + " cannot be read: " + e.getMessage());
        }
    }

    private Reply answer(Api<?> api, Api.Decoded decoded, Call call, Frame frame) {
        try {
            return decoded.answer(call);
        } catch (RuntimeException e) {
            shared.metrics().bug();
            shared.log().bug(address, api.key().name + " version " + call.version() + " failed", e);
            ApiMessage error = unknownServerError(api, call.version(), frame);
            if (error == null) {
                disconnect("a request that wants no answer failed");
                return Reply.NONE;
            }
            return new Reply.Now(error);
        }
    }

    /** Null where the request wants no answer. */
    private static @Nullable ApiMessage unknownServerError(Api<?> api, short version, Frame frame) {
        ByteBufferAccessor in = new ByteBufferAccessor(frame.body().duplicate().position(0));
        var _ = new RequestHeaderData(in, api.key().requestHeaderVersion(version));
        AbstractResponse error = AbstractRequest.parseRequest(api.key(), version, in)
                .request
                .getErrorResponse(0, new UnknownServerException("the node has a fault"));
        return error == null ? null : error.data();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void disconnect(String reason) {
        report(reason);
        abort();
    }

    @Override
    public <T> T interruptibly(Supplier<T> wait) {
        setWaiter(Thread.currentThread());
        try {
            return wait.get();
        } finally {
            setWaiter(null);
            // an interrupt was meant for the wait only; left standing it would close the channel
            var _ = Thread.interrupted();
        }
    }

    private void setWaiter(@Nullable Thread thread) {
        waitLock.lock();
        try {
            waiter = thread;
            if (thread != null && draining) {
                thread.interrupt();
            }
        } finally {
            waitLock.unlock();
        }
    }

    /** No further request is read; what is being served is answered, then the connection ends. Any thread. */
    void drain() {
        waitLock.lock();
        try {
            draining = true;
            if (waiter != null) {
                waiter.interrupt();
            }
        } finally {
            waitLock.unlock();
        }
        try {
            channel.shutdownInput();
        } catch (IOException alreadyClosed) {
            abort();
        }
    }

    /** Closes at once. Any thread, more than once. */
    void abort() {
        try {
            channel.close();
        } catch (IOException e) {
            shared.log().note("closing the connection from " + address + " failed", e);
        }
        outbox.abort();
    }

    private void failed(Exception cause) {
        switch (cause) {
            case ProtocolViolation violation -> {
                shared.metrics().violation();
                report(String.valueOf(violation.getMessage()));
            }
            case IOException gone -> reported.set(true);
            case InterruptedException aborted -> reported.set(true);
            case Exception bug -> {
                if (reported.compareAndSet(false, true)) {
                    shared.metrics().bug();
                    shared.log().bug(address, "closed by a fault of this node", bug);
                }
            }
        }
        abort();
    }

    private void report(String reason) {
        if (reported.compareAndSet(false, true)) {
            shared.log().closed(address, reason);
        }
    }

    /** Closes when a time limit is over. Called by the reaper. */
    void checkTimes(long nowNanos) {
        KafkaLimits limits = shared.limits();
        if (inbound.deadlineNanos() < nowNanos) {
            expire("request was not complete in time");
        } else if (over(outbox.writingSinceNanos(), limits.writeStallMs(), nowNanos)) {
            expire("client takes no bytes for " + limits.writeStallMs() + " ms");
        } else if (over(outbox.dueSinceNanos(), limits.answerMs(), nowNanos)) {
            expire("an answer was due for " + limits.answerMs() + " ms");
        } else if (inbound.deadlineNanos() == Inbound.NEVER
                && outbox.dueSinceNanos() == Inbound.NEVER
                && over(inbound.idleSinceNanos(), limits.idleMs(), nowNanos)) {
            expireQuietly();
        }
    }

    private static boolean over(long sinceNanos, int limitMs, long nowNanos) {
        return sinceNanos != Inbound.NEVER && nowNanos - sinceNanos > limitMs * 1_000_000L;
    }

    private void expire(String reason) {
        shared.metrics().timeout();
        report(reason);
        abort();
    }

    private void expireQuietly() {
        shared.metrics().timeout();
        reported.set(true);
        abort();
    }
}
