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
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The serving side: checks who asks whom, and hands the request to the handler of its kind. Every call ends, whatever the
 * handler does, since a server may leave a call open for ever that threw. Thread-safe once handlers are registered.
 */
final class PeerCalls {
    private static final System.Logger LOGGER = System.getLogger(PeerCalls.class.getName());
    private static final String SERVICE = "jofka.peer.Peer";

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
    private final Map<Net.Call, Semaphore> permits = new EnumMap<>(Net.Call.class);
    private volatile boolean closed;

    PeerCalls(PeerConfig config) {
        this.config = config;
        for (Net.Call call : Net.Call.values()) {
            permits.put(call, new Semaphore(config.maxServing()));
        }
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

    private static Net.@org.jspecify.annotations.Nullable Call kind(String name) {
        for (Net.Call call : Net.Call.values()) {
            if (call.name().equals(name)) {
                return call;
            }
        }
        return null;
    }

    private void handle(Net.Call call, Net.Handler handler, Ask ask, StreamObserver<Answer> observer) {
        Semaphore permit = java.util.Objects.requireNonNull(permits.get(call));
        if (!permit.tryAcquire()) {
            reject(observer, "overloaded: too many calls of the kind " + call + " are being served");
            return;
        }
        try {
            var _ = handler.handle(ask.getFrom(), ask.getBody().toByteArray()).whenComplete((bytes, failure) -> {
                permit.release();
                if (failure == null) {
                    answer(observer, Answer.newBuilder().setBody(UnsafeByteOperations.unsafeWrap(bytes)));
                } else {
                    reject(observer, String.valueOf(failure.getMessage()));
                }
            });
        } catch (RuntimeException e) {
            permit.release();
            reject(observer, String.valueOf(e.getMessage()));
        }
    }

    private static void reject(StreamObserver<Answer> observer, String why) {
        answer(observer, Answer.newBuilder().setRejected(why));
    }

    private static void answer(StreamObserver<Answer> observer, Answer.Builder answer) {
        try {
            observer.onNext(answer.build());
            observer.onCompleted();
        } catch (RuntimeException e) {
            // the caller is gone, or its time was over
            LOGGER.log(System.Logger.Level.DEBUG, "an answer was not taken", e);
        }
    }

    Ask ask(int to, Net.Call call, byte[] body) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(body);
        return Ask.newBuilder()
                .setCluster(config.clusterId())
                .setFrom(config.nodeId())
                .setTo(to)
                .setCall(call.name())
                .setBody(bytes)
                .build();
    }
}
