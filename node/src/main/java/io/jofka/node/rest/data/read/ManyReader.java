package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome.Refused;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pages over many partitions. Records that were deleted before the reader came to them are told, then the reader
 * goes on behind them; a partition that cannot be read now is told, and the others are read. Thread-safe.
 */
final class ManyReader {
    private final PageReader pages;
    private final int maxPositions;

    ManyReader(PageReader pages, int maxPositions) {
        this.pages = pages;
        this.maxPositions = maxPositions;
    }

    /** Offsets from {@code fromOffset} to before {@code toOffset} are gone. */
    record Lag(Position position, long fromOffset, long toOffset) {}

    record Unavailable(Position position, Problem problem) {}

    record Result(int records, int scanned, List<Lag> lags, List<Unavailable> unavailable) {}

    /** Refuses when nothing could be read because every partition is unavailable. */
    Result read(Positions positions, Wish wish, RecordSink sink) {
        List<Position> asked = positions.nextTurn(maxPositions);
        List<Lag> lags = new ArrayList<>(0);
        PageReader.Page page = pages.read(asked, wish, sink);
        int records = page.records();
        int scanned = page.scanned();
        if (page.records() == 0 && skipDeleted(asked, lags)) {
            page = pages.read(asked, wish, sink);
            records += page.records();
            scanned += page.scanned();
        } else {
            skipDeleted(asked, lags);
        }
        List<Unavailable> unavailable = new ArrayList<>(0);
        for (Position position : asked) {
            Refused refused = position.refused();
            if (refused != null) {
                unavailable.add(new Unavailable(position, PartitionRead.problem(refused)));
            }
        }
        if (!asked.isEmpty() && unavailable.size() == asked.size() && lags.isEmpty()) {
            throw new Refusal(unavailable.getFirst().problem());
        }
        return new Result(records, scanned, lags, unavailable);
    }

    private static boolean skipDeleted(List<Position> asked, List<Lag> lags) {
        boolean moved = false;
        for (Position position : asked) {
            Refused refused = position.refused();
            if (refused != null
                    && refused.fault() == Fault.OFFSET_OUT_OF_RANGE
                    && position.next() < refused.offsets().logStartOffset()) {
                lags.add(new Lag(position, position.next(), refused.offsets().logStartOffset()));
                position.moveTo(refused.offsets().logStartOffset());
                position.refused(null);
                moved = true;
            }
        }
        return moved;
    }
}
