package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a change of metadata and turns what did not happen into a problem. Thread-safe. */
final class Changes {
    private static final int DEFAULT_TIMEOUT_MS = 15_000;
    private static final int MAX_TIMEOUT_MS = 60_000;

    private final int slackMs;

    Changes(AdminConfig config) {
        this.slackMs = config.answerSlackMs();
    }

    /** What one change did, and the metadata index that holds it. */
    record Done<T>(T value, long index) {}

    static int timeoutMs(Parameters parameters) {
        return parameters.whole("timeoutMs", 1, MAX_TIMEOUT_MS, DEFAULT_TIMEOUT_MS);
    }

    /** The outcome of a change of one item; {@code prefix} goes before its pointer into the body. */
    <T> Done<T> await(CompletableFuture<Answer<T>> change, int timeoutMs, String prefix) {
        Answer<T> answer = join(change, timeoutMs);
        return switch (answer.outcomes().getFirst()) {
            case Outcome.Ok<T> ok -> new Done<>(ok.value(), answer.index());
            case Outcome.Refused<T> refused -> {
                Problem problem = Problem.of(refused.fault(), refused.detail());
                throw new Refusal(
                        refused.pointer().isEmpty() ? problem : problem.at(prefix + slash(refused.pointer())));
            }
        };
    }

    private static String slash(String pointer) {
        return pointer.startsWith("/") ? pointer : "/" + pointer;
    }

    /** The value of a future that should be there within the timeout. */
    <T> T join(CompletableFuture<T> future, int timeoutMs) {
        try {
            return future.get((long) timeoutMs + slackMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Refusal(
                    Fault.OUTCOME_UNKNOWN, "The change was not confirmed within " + timeoutMs + " ms; it may follow.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Fault.SHUTTING_DOWN, "The node is shutting down; the outcome is not known.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change failed instead of telling its outcome", e);
        }
    }
}
