package io.jofka.tests.workload;

import io.jofka.tests.harness.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The clients of one round of a run: producers of every kind and readers of both protocols, all at once. */
public final class Workload {
    private final List<Client> producers = new ArrayList<>();
    private final List<Client> readers = new ArrayList<>();

    /** Starts them as fast as they go. {@code round} is part of the clients' names, so that each round has its own. */
    public Workload(Target target, int round, int fill) {
        this(target, Integer.toString(round), Load.full(fill));
    }

    /** Starts them; kcat is one of them where it is installed. {@code round} is part of their names. */
    public Workload(Target target, String round, Load load) {
        String suffix = "-" + round;
        producers.add(new RestProducer(target, "rest-plain" + suffix, RestProducer.Safety.PLAIN, load, 0));
        producers.add(new RestProducer(target, "rest-sequences" + suffix, RestProducer.Safety.SEQUENCES, load, 1));
        producers.add(new RestProducer(target, "rest-key" + suffix, RestProducer.Safety.KEY, load, 2));
        producers.add(new KafkaClientProducer(target, "kafka-plain" + suffix, "none", load));
        producers.add(new KafkaClientProducer(target, "kafka-lz4" + suffix, "lz4", load));
        if (Commands.find("kcat").isPresent()) {
            producers.add(new KcatProducer(target, "kcat" + suffix, load.fill()));
        }
        readers.add(new Readers.Following(target, "kafka-reader" + suffix));
        readers.add(new Readers.Paging(target, "rest-reader" + suffix));
        producers.forEach(Client::start);
        readers.forEach(Client::start);
    }

    /** Names of all producers. */
    public Set<String> producers() {
        return producers.stream().map(client -> client.name).collect(Collectors.toSet());
    }

    /** Throws what went wrong in any of them so far. */
    public void check() {
        producers.forEach(Client::check);
        readers.forEach(Client::check);
    }

    /** Ends it: the producers first, each with all it sent settled. Throws what went wrong in any of them. */
    public void end() {
        producers.forEach(Client::stopSoon);
        producers.forEach(Client::end);
        readers.forEach(Client::end);
    }
}
