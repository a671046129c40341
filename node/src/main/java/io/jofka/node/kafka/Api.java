package io.jofka.node.kafka;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Readable;

/**
 * One served API: how its requests are read and who answers. Versions are all that the codec has, without unstable ones.
 *
 * @param mayWait whether the handler can block its thread for long, so that earlier responses must be sent first
 * @param notes for the documentation: what is special here
 */
public record Api<T extends ApiMessage>(
        ApiKeys key, Decoder<T> decoder, Handler<T> handler, boolean mayWait, String notes) {
    /** Reads a request body. */
    @FunctionalInterface
    public interface Decoder<T> {
        T read(Readable in, short version);
    }

    /** Answers requests of one API. Called from many threads at once; a thrown exception is a bug. */
    @FunctionalInterface
    public interface Handler<T> {
        Reply handle(T request, Call call);
    }

    public Api(ApiKeys key, Decoder<T> decoder, Handler<T> handler, String notes) {
        this(key, decoder, handler, false, notes);
    }

    public short oldestVersion() {
        return key.oldestVersion();
    }

    public short newestVersion() {
        return key.latestVersion(false);
    }

    boolean supports(short version) {
        return version >= oldestVersion() && version <= newestVersion();
    }

    /** ApiVersions is answered in version 0 whatever the client asked: that is how it learns the versions (KIP-511). */
    boolean answers(short version) {
        return supports(version) || key == ApiKeys.API_VERSIONS;
    }

    short responseVersion(short version) {
        return supports(version) ? version : 0;
    }

    Decoded decode(Readable in, short version) {
        T body = decoder.read(in, version);
        return call -> handler.handle(body, call);
    }

    /** A request that was read and can be answered. */
    @FunctionalInterface
    interface Decoded {
        Reply answer(Call call);
    }
}
