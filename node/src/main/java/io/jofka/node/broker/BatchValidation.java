package io.jofka.node.broker;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchCheck;
import io.jofka.api.batch.BatchChecks;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchRewriter;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.TopicSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a topic asks of batches before they may enter its log; runs in the sender's thread, in parallel for many senders.
 * Stateless. As Kafka's LogValidator it goes through every record of batches that this node did not build, so that no
 * later read, by whatever face, can meet a record that does not parse.
 */
final class BatchValidation {
    /** The result. */
    sealed interface Validated {
        /** Good bytes (the given buffer or, recompressed, another) and their headers. */
        record Good(ByteBuffer batches, List<BatchHeader> headers) implements Validated {}

        record Bad(ProduceOutcome.Refused refusal) implements Validated {}
    }

    private final InflationLimits limits;

    BatchValidation(InflationLimits limits) {
        this.limits = limits;
    }

    Validated validate(ByteBuffer batches, boolean trusted, PartitionSettings settings, long nowMs) {
        TopicSettings topic = settings.topic();
        if (batches.remaining() > topic.segmentBytes()) {
            return bad(
                    Fault.RECORD_LIST_TOO_LARGE,
                    "The batches have " + batches.remaining() + " bytes; a segment has at most " + topic.segmentBytes()
                            + ".");
        }
        List<BatchHeader> headers;
        switch (headers(batches, trusted, topic.maxMessageBytes())) {
            case BatchCheck.Invalid i -> {
                return bad(i.fault(), i.detail());
            }
            case BatchCheck.Valid v -> headers = v.headers();
        }
        Optional<Validated> objection = objection(headers);
        if (objection.isPresent()) {
            return objection.get();
        }
        if (!trusted || needsRecords(headers, topic, nowMs)) {
            RecordRules rules = new RecordRules(topic, nowMs);
            if (BatchChecks.records(batches, limits, rules) instanceof BatchCheck.Invalid i) {
                return bad(i.fault(), i.detail());
            }
            Optional<ProduceOutcome.Refused> refusal = rules.refusal();
            if (refusal.isPresent()) {
                return new Validated.Bad(refusal.get());
            }
            headers = rules.corrected(batches, headers);
        }
        return settings.compression().isEmpty()
                ? new Validated.Good(batches, headers)
                : recompressed(
                        batches, headers, settings, settings.compression().get());
    }

    private static BatchCheck headers(ByteBuffer batches, boolean trusted, int maxBatchBytes) {
        if (!trusted) {
            return BatchChecks.structure(batches, maxBatchBytes);
        }
        List<BatchHeader> headers = new ArrayList<>(1);
        for (int position = batches.position(); position < batches.limit(); ) {
            BatchHeader header = BatchHeader.read(batches, position);
            if (header.sizeBytes() > maxBatchBytes) {
                return new BatchCheck.Invalid(
                        Fault.RECORD_TOO_LARGE,
                        "The batch has " + header.sizeBytes() + " bytes; at most " + maxBatchBytes + " are allowed.",
                        headers.size());
            }
            headers.add(header);
            position += header.sizeBytes();
        }
        return headers.isEmpty()
                ? new BatchCheck.Invalid(Fault.INVALID_RECORD, "There is no batch.", 0)
                : new BatchCheck.Valid(headers);
    }

    private static Optional<Validated> objection(List<BatchHeader> headers) {
        for (BatchHeader header : headers) {
            if (header.isControl()) {
                return Optional.of(bad(Fault.INVALID_RECORD, "A client may not send control batches."));
            }
            if (header.isTransactional()) {
                return Optional.of(
                        bad(Fault.INVALID_TXN_STATE, "No coordinator has begun a transaction for this producer."));
            }
            if (header.isLogAppendTime()) {
                return Optional.of(bad(Fault.INVALID_TIMESTAMP, "Only the leader may stamp the time of the append."));
            }
            if (header.hasProducerId() && headers.size() > 1) {
                return Optional.of(
                        bad(Fault.INVALID_RECORD, "With a producer id exactly one batch for a partition is allowed."));
            }
        }
        return Optional.empty();
    }

    /** Whether the rules need to see the records of batches that this node built. */
    private static boolean needsRecords(List<BatchHeader> headers, TopicSettings topic, long nowMs) {
        if (topic.compact()) {
            return true;
        }
        if (topic.logAppendTime()) {
            return false;
        }
        if (topic.timestampBeforeMaxMs() != Long.MAX_VALUE) {
            return true;
        }
        for (BatchHeader header : headers) {
            if (header.maxTimestampMs() - nowMs > topic.timestampAfterMaxMs()) {
                return true;
            }
        }
        return false;
    }

    private Validated recompressed(
            ByteBuffer batches, List<BatchHeader> headers, PartitionSettings settings, Compression codec) {
        boolean same = true;
        for (BatchHeader header : headers) {
            same &= header.compression() == codec;
        }
        if (same) {
            return new Validated.Good(batches, headers);
        }
        BatchRewriter rewriter = new BatchRewriter(codec, settings.compressionLevel(), limits);
        List<ByteBuffer> rewritten = new ArrayList<>(headers.size());
        List<BatchHeader> newHeaders = new ArrayList<>(headers.size());
        int total = 0;
        int position = batches.position();
        try {
            for (BatchHeader header : headers) {
                ByteBuffer batch = rewriter.recompress(batches, position);
                position += header.sizeBytes();
                if (batch.remaining() > settings.topic().maxMessageBytes()) {
                    return bad(
                            Fault.RECORD_TOO_LARGE,
                            "Stored with " + codec.configName() + " the batch has " + batch.remaining()
                                    + " bytes; at most " + settings.topic().maxMessageBytes() + " are allowed.");
                }
                total = Math.addExact(total, batch.remaining());
                rewritten.add(batch);
                newHeaders.add(BatchHeader.read(batch, batch.position()));
            }
        } catch (BadBatch e) {
            return bad(e.fault(), e.detail());
        }
        if (rewritten.size() == 1) {
            return new Validated.Good(rewritten.getFirst(), newHeaders);
        }
        ByteBuffer all = ByteBuffer.allocate(total);
        rewritten.forEach(all::put);
        return new Validated.Good(all.flip(), newHeaders);
    }

    private static Validated bad(Fault fault, String detail) {
        return new Validated.Bad(new ProduceOutcome.Refused(fault, detail));
    }

    /** Sees every record once: null keys, timestamps, and the largest timestamp of each batch. */
    private static final class RecordRules implements BatchChecks.RecordVisitor {
        /** More errors than these are not listed. */
        private static final int MAX_ERRORS = 100;

        private final boolean keyed;
        private final boolean timed;
        private final long earliestMs;
        private final long latestMs;
        private final List<ProduceOutcome.RecordError> missingKeys = new ArrayList<>(0);
        private final List<ProduceOutcome.RecordError> badTimes = new ArrayList<>(0);
        private final List<Long> maxTimestamps = new ArrayList<>(1);
        private long maxTimestamp;
        private int index;

        RecordRules(TopicSettings topic, long nowMs) {
            keyed = topic.compact();
            timed = !topic.logAppendTime();
            earliestMs = topic.timestampBeforeMaxMs() >= nowMs ? Long.MIN_VALUE : nowMs - topic.timestampBeforeMaxMs();
            latestMs = Long.MAX_VALUE - nowMs < topic.timestampAfterMaxMs()
                    ? Long.MAX_VALUE
                    : nowMs + topic.timestampAfterMaxMs();
        }

        @Override
        public void record(BatchHeader header, int record, long timestampMs, int keyBytes) {
            maxTimestamp = record == 0 ? timestampMs : Math.max(maxTimestamp, timestampMs);
            if (record == header.recordCount() - 1) {
                maxTimestamps.add(maxTimestamp);
            }
            if (keyed && keyBytes < 0 && missingKeys.size() < MAX_ERRORS) {
                missingKeys.add(
                        new ProduceOutcome.RecordError(index, "A compacted topic needs a key in every record."));
            }
            // -1 is "no timestamp", which Kafka's LogValidator lets pass
            if (timed
                    && timestampMs != -1
                    && (timestampMs < earliestMs || timestampMs > latestMs)
                    && badTimes.size() < MAX_ERRORS) {
                badTimes.add(new ProduceOutcome.RecordError(
                        index,
                        "The timestamp " + timestampMs + " lies outside of " + earliestMs + " to " + latestMs + "."));
            }
            index++;
        }

        Optional<ProduceOutcome.Refused> refusal() {
            if (!missingKeys.isEmpty()) {
                return Optional.of(new ProduceOutcome.Refused(
                        Fault.INVALID_RECORD,
                        "Records without a key cannot be stored in a compacted topic.",
                        missingKeys));
            }
            if (!badTimes.isEmpty()) {
                return Optional.of(new ProduceOutcome.Refused(
                        Fault.INVALID_TIMESTAMP, "Record timestamps are outside of what the topic allows.", badTimes));
            }
            return Optional.empty();
        }

        /** As Kafka does, the true largest timestamp replaces a wrong one: the time index relies on it. */
        List<BatchHeader> corrected(ByteBuffer batches, List<BatchHeader> headers) {
            List<BatchHeader> result = new ArrayList<>(headers);
            boolean changed = false;
            int position = batches.position();
            for (int i = 0; i < headers.size(); i++) {
                BatchHeader header = headers.get(i);
                long max = maxTimestamps.get(i);
                if (max != header.maxTimestampMs()) {
                    BatchFields.setMaxTimestamp(batches, position, max);
                    changed = true;
                    result.set(i, BatchHeader.read(batches, position));
                }
                position += header.sizeBytes();
            }
            return changed ? result : headers;
        }
    }
}
