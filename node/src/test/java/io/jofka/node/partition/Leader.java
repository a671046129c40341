package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent.Ack;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A leader machine with tickets that are words; keeps what it answered and asked for. */
final class Leader {
    static final long DEADLINE = 1_000;

    final LeaderMachine<String> machine;
    final Map<String, AppendAnswer> answers = new HashMap<>();
    final List<String> order = new ArrayList<>();
    final List<AbortedTransaction> aborted = new ArrayList<>();
    final List<LeaderEffect<String>> last = new ArrayList<>();
    final List<Set<Integer>> proposed = new ArrayList<>();
    int forces;
    long nowMs = 5_000;

    Leader(LeaderRules rules) {
        this(rules, Set.of(1), 1, 0);
    }

    Leader(LeaderRules rules, Set<Integer> isr, int replicas, long end) {
        this(rules, isr, replicas, new LeaderMachine.Start(7, 0, end, end, 0), new ProducerState(1_000));
    }

    Leader(LeaderRules rules, Set<Integer> isr, int replicas, LeaderMachine.Start start, ProducerState producers) {
        machine = new LeaderMachine<>(
                1,
                start,
                rules,
                producers,
                0,
                isr,
                java.util.stream.IntStream.rangeClosed(1, replicas)
                        .boxed()
                        .collect(java.util.stream.Collectors.toSet()));
    }

    static LeaderRules forced() {
        return new LeaderRules(true, 1, false);
    }

    static LeaderRules replicated() {
        return new LeaderRules(false, 1, false);
    }

    void step(LeaderEvent<String> event) {
        last.clear();
        machine.step(event, last);
        for (LeaderEffect<String> effect : last) {
            switch (effect) {
                case LeaderEffect.Answer<String> a -> {
                    answers.put(a.ticket(), a.answer());
                    order.add(a.ticket());
                }
                case LeaderEffect.Aborted<String> a -> aborted.add(a.transaction());
                case LeaderEffect.Force<String> f -> forces++;
                case LeaderEffect.Store<String> s -> {}
                case LeaderEffect.Moved<String> m -> {}
                case LeaderEffect.ProposeIsr<String> p -> proposed.add(p.isr());
                case LeaderEffect.MoveStart<String> m -> {}
                case LeaderEffect.StartUnmoved<String> m -> {}
                case LeaderEffect.StartRefused<String> m -> {}
            }
        }
    }

    void propose(String ticket, BatchHeader header, Ack ack) {
        step(new LeaderEvent.Proposed<>(ticket, List.of(header), ack, DEADLINE, nowMs));
    }

    void written() {
        step(new LeaderEvent.Written<>());
    }

    /** Proposes and writes at once. */
    void append(String ticket, BatchHeader header, Ack ack) {
        propose(ticket, header, ack);
        if (machine.isPlanning()) {
            written();
        }
    }

    void mark(String ticket, long producer, int epoch, ControlRecord.Outcome outcome) {
        step(new LeaderEvent.MarkerProposed<>(
                ticket, Headers.marker(producer, epoch), new ControlRecord(outcome, 0), DEADLINE, nowMs));
        if (machine.isPlanning()) {
            written();
        }
    }

    void forcedTo(long offset) {
        step(new LeaderEvent.Forced<>(offset));
    }

    AppendAnswer.Done done(String ticket) {
        return (AppendAnswer.Done) Objects.requireNonNull(answers.get(ticket), ticket);
    }

    Optional<Fault> refusal(String ticket) {
        return answers.get(ticket) instanceof AppendAnswer.Refused r ? Optional.of(r.fault()) : Optional.empty();
    }

    Optional<Fault> unknown(String ticket) {
        return answers.get(ticket) instanceof AppendAnswer.Unknown u ? Optional.of(u.fault()) : Optional.empty();
    }
}
