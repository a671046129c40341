package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.Partitioner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Chooses the partition of a record that names none. */
@FunctionalInterface
public interface Placement {
    /** {@code sizeBytes} is about what the record takes in a batch. */
    int place(@Nullable ByteBuffer key, int sizeBytes);

    /** By key as Kafka's default partitioner; a record without a key goes where {@code keyless} says. */
    static Placement byKey(int partitions, Placement keyless) {
        return (key, sizeBytes) -> key == null ? keyless.place(null, sizeBytes) : ofKey(key, partitions);
    }

    private static int ofKey(ByteBuffer key, int partitions) {
        byte[] bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return Partitioner.forKey(bytes, partitions);
    }
}
