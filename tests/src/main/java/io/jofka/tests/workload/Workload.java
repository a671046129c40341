package io.jofka.tests.workload;

import java.util.ArrayList;
import java.util.List;

/** The clients of one round of a run: producers of every kind and readers of both protocols, all at once. */
public final class Workload {
    private final List<Client> producers = new ArrayList<>();
    private final List<Client> readers = new ArrayList<>();

    /**
     * Starts them.
     *
     * @param round part of the clients' names, so that each round has its own
     */
    public Workload(Target target, int round, int fill) {
        String suffix = "-" + round;
        producers.add(new RestProducer(target, "rest-plain" + suffix, RestProducer.Safety.PLAIN, fill));
        producers.add(new RestProducer(target, "rest-sequences" + suffix, RestProducer.Safety.SEQUENCES, fill));
        producers.add(new RestProducer(target, "rest-key" + suffix, RestProducer.Safety.KEY, fill));
        producers.add(new KafkaClientProducer(target, "kafka-plain" + suffix, "none", fill));
        producers.add(new KafkaClientProducer(target, "kafka-lz4" + suffix, "lz4", fill));
        readers.add(new Readers.Following(target, "kafka-reader" + suffix));
        readers.add(new Readers.Paging(target, "rest-reader" + suffix));
        producers.forEach(Client::start);
        readers.forEach(Client::start);
    }

    /** Ends it: the producers first, each with all it sent settled. Throws what went wrong in any of them. */
    public void end() {
        producers.forEach(Client::stopSoon);
        producers.forEach(Client::end);
        readers.forEach(Client::end);
    }
}
