package io.jofka.node.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jofka.node.common.Net;
import io.jofka.node.peer.proto.Answer;
import io.jofka.node.peer.proto.Ask;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The serving side: checks who asks whom, and hands the request to the handler of its kind. Every call ends, whatever the
 * handler does, since a server may leave a call open for ever that threw. Thread-safe once handlers are registered.
 */
final class PeerCalls {
    private static final String SERVICE = "jofka.peer.Peer";

    /** Room for what goes with a body in a message: names of at most 64 letters and a few numbers. */
    private static final int ENVELOPE_BYTES = 4_096;

    /** Kinds with megabytes in a request or an answer; see docs/decisions/0013-bulk-over-netty.md. */
    static final Set<Net.Call> BULK = EnumSet.of(Net.Call.REPLICA, Net.Call.PRODUCE, Net.Call.FETCH);

    static final MethodDescriptor<Ask, Answer> CALL = MethodDescriptor.<Ask, Answer>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Call"))
            .setRequestMarshaller(ProtoUtils.marshaller(Ask.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Answer.getDefaultInstance()))
            .build();

    private final PeerConfig config;
    private final Map<Net.Call, Net.Handler> handlers = new EnumMap<>(Net.Call.class);
    private final ServingLimits controlRoom;
    private final ServingLimits bulkRoom;
    private final ScheduledExecutorService timers;
    private volatile boolean closed;

    PeerCalls(PeerConfig config, ScheduledExecutorService timers) {
        this.config = config;
        this.timers = timers;
        this.controlRoom = new ServingLimits(config.maxServing(), config.maxServingBytes());
        this.bulkRoom = new ServingLimits(config.maxServing(), config.maxServingBytes());
    }

    void register(Net.Call call, Net.Handler handler) {
        if (handlers.putIfAbsent(call, handler) != null) {
            throw new IllegalStateException("calls of the kind " + call + " have a handler already");
        }
    }

    void close() {
        closed = true;
    }

    /** The service of one port. */
    ServerServiceDefinition service(boolean bulk) {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(CALL, ServerCalls.asyncUnaryCall((ask, observer) -> {
                    try {
                        serve(bulk, ask, observer);
                    } catch (RuntimeException e) {
                        reject(observer, String.valueOf(e.getMessage()));
                    }
                }))
                .build();
    }

    private void serve(boolean bulk, Ask ask, StreamObserver<Answer> observer) {
        Net.Call call = kind(ask.getCall());
        Net.Handler handler = call == null || BULK.contains(call) != bulk ? null : handlers.get(call);
        if (closed) {
            reject(observer, "the node is shutting down");
        } else if (!ask.getCluster().equals(config.clusterId())) {
            reject(observer, "this node is of the cluster " + config.clusterId() + ", not of " + ask.getCluster());
        } else if (ask.getTo() != config.nodeId()) {
            reject(observer, "this is node " + config.nodeId() + ", not node " + ask.getTo());
        } else if (call == null || handler == null) {
            reject(observer, "calls of the kind '" + ask.getCall() + "' are not served here");
        } else {
            handle(call, handler, ask, observer);
        }
    }

    private static Net.@Nullable Call kind(String name) {
        for (Net.Call call : Net.Call.values()) {
            if (call.name().equals(name)) {
                return call;
            }
        }
        return null;
    }

    private void handle(Net.Call call, Net.Handler handler, Ask ask, StreamObserver<Answer> observer) {
        boolean bulk = BULK.contains(call);
        ServingLimits room = bulk ? bulkRoom : controlRoom;
        int sizeBytes = ask.getBody().size();
        int from = ask.getFrom();
        Optional<String> full = room.enter(from, call, sizeBytes);
        if (full.isPresent()) {
            reject(observer, full.get());
            return;
        }
        Serving serving = new Serving(observer, maxBodyBytes(call), () -> room.leave(from, call, sizeBytes));
        try {
            int timeoutMs = ask.getTimeoutMs() == 0 ? Serving.MAX_TIMEOUT_MS : ask.getTimeoutMs();
            serving.limit(timers, Math.clamp(timeoutMs, 1, Serving.MAX_TIMEOUT_MS));
            var _ = handler.handle(from, ask.getBody().toByteArray()).whenComplete((bytes, failure) -> {
                if (failure == null) {
                    serving.succeed(bytes);
                } else {
                    serving.reject(String.valueOf(failure.getMessage()));
                }
            });
        } catch (RuntimeException e) {
            serving.reject(String.valueOf(e.getMessage()));
        }
    }

    private static void reject(StreamObserver<Answer> observer, String why) {
        Serving.send(observer, Answer.newBuilder().setRejected(why));
    }

    /** Largest body that a call of the kind can carry. */
    int maxBodyBytes(Net.Call call) {
        return (BULK.contains(call) ? config.maxBulkBytes() : config.maxControlBytes()) - ENVELOPE_BYTES;
    }

    Ask ask(int to, Net.Call call, byte[] body, int timeoutMs) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(body);
        return Ask.newBuilder()
                .setCluster(config.clusterId())
                .setFrom(config.nodeId())
                .setTo(to)
                .setCall(call.name())
                .setBody(bytes)
                .setTimeoutMs(timeoutMs)
                .build();
    }
}
