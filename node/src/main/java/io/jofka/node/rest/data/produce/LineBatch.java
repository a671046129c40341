package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.rest.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A run of lines that are appended together: each one is a slot of {@link Collected}, or a problem. Not thread-safe. */
final class LineBatch {
    private final Collected records;
    private final List<Problem> problems = new ArrayList<>(0);
    private final List<CompletableFuture<ProduceOutcome>> appending = new ArrayList<>(2);
    private long[] numbers = new long[64];
    private int[] places = new int[64];
    private int size;
    private int bytes;

    LineBatch(Collected records) {
        this.records = records;
    }

    Collected records() {
        return records;
    }

    int size() {
        return size;
    }

    /** Bytes of the lines. */
    int bytes() {
        return bytes;
    }

    /** The line became the newest slot of the records. */
    void stored(long number, int lineBytes) {
        add(number, records.size() - 1, lineBytes);
    }

    void failed(long number, Problem problem, int lineBytes) {
        problems.add(problem);
        add(number, -problems.size(), lineBytes);
    }

    private void add(long number, int place, int lineBytes) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            places = Arrays.copyOf(places, size * 2);
        }
        numbers[size] = number;
        places[size] = place;
        size++;
        bytes += lineBytes;
    }

    long number(int index) {
        return numbers[index];
    }

    /** The slot of the records, or -1 for a line that failed. */
    int slot(int index) {
        return Math.max(-1, places[index]);
    }

    /** The problem of a line that failed. */
    Problem problem(int index) {
        return problems.get(-places[index] - 1);
    }

    void start(TopicTarget target, Appends appends, ProduceOptions options) {
        for (PartitionBatches batches : records.batches()) {
            if (batches.count() > 0) {
                appending.add(appends.start(target, batches, options));
            } else {
                appending.add(
                        CompletableFuture.completedFuture(new ProduceOutcome.Unknown(Fault.INTERNAL, "no record")));
            }
        }
    }

    /** In the order of {@link Collected#batches}. */
    List<CompletableFuture<ProduceOutcome>> appending() {
        return appending;
    }
}
