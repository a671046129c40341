package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.controller.ProducerIdBlocks;
import io.jofka.node.controller.ProducerIdBlocks.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BlockProducerIdsTest {
    private final List<CompletableFuture<Block>> asked = new ArrayList<>();
    private final ProducerIds ids = new BlockProducerIds(() -> {
        CompletableFuture<Block> block = new CompletableFuture<>();
        asked.add(block);
        return block;
    });

    private static long id(CompletableFuture<Result<Long>> future) {
        return ((Result.Ok<Long>) future.resultNow()).value();
    }

    @Test
    void idsOfABlockAreHandedOutOnceEach() {
        CompletableFuture<Result<Long>> first = ids.next();
        asked.getFirst().complete(new ProducerIdBlocks.Block(2_000, 3));
        assertThat(List.of(id(first), id(ids.next()), id(ids.next())), contains(2_000L, 2_001L, 2_002L));
        assertThat(asked.size(), is(1));
    }

    @Test
    void manyWaitForOneBlockAndTheNextIsAskedForTheRest() {
        List<CompletableFuture<Result<Long>>> waiting = List.of(ids.next(), ids.next(), ids.next());
        assertThat(asked.size(), is(1));
        asked.getFirst().complete(new ProducerIdBlocks.Block(0, 2));
        assertThat(asked.size(), is(2));
        asked.get(1).complete(new ProducerIdBlocks.Block(100, 2));
        assertThat(waiting.stream().map(BlockProducerIdsTest::id).toList(), contains(0L, 1L, 100L));
    }

    @Test
    void withoutAControllerAllWhoWaitAreToldAndTheNextAsksAgain() {
        CompletableFuture<Result<Long>> first = ids.next();
        asked.getFirst().completeExceptionally(new IllegalStateException("no leader"));
        assertThat(((Result.Refused<Long>) first.resultNow()).fault(), is(Fault.NOT_CONTROLLER));
        CompletableFuture<Result<Long>> second = ids.next();
        asked.get(1).complete(new ProducerIdBlocks.Block(7, 1));
        assertThat(id(second), is(7L));
    }
}
