package io.jofka.node.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.metadata.proto.SubmitMessage;

/** A command on its way to the active controller: what, whether only to validate, and how long to wait (ms). */
public record Submission(MetadataCommand<?> command, boolean validateOnly, int timeoutMs) {
    public byte[] bytes() {
        return SubmitMessage.newBuilder()
                .setCommand(CommandCodec.message(command))
                .setValidateOnly(validateOnly)
                .setTimeoutMs(timeoutMs)
                .build()
                .toByteArray();
    }

    /** Fails with {@link UnreadableMetadata}. */
    public static Submission parse(byte[] bytes) {
        try {
            SubmitMessage message = SubmitMessage.parseFrom(bytes);
            return new Submission(
                    CommandCodec.command(message.getCommand()), message.getValidateOnly(), message.getTimeoutMs());
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableMetadata("A command of " + bytes.length + " bytes cannot be parsed", e);
        }
    }
}
