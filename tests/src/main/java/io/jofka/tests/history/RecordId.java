package io.jofka.tests.history;

/**
 * Names one record of a run.
 *
 * @param client the producer that sent it
 * @param sequence rises by one with each record the producer sends, over all partitions
 */
public record RecordId(String client, long sequence) {
    @Override
    public String toString() {
        return client + "#" + sequence;
    }
}
