package io.jofka.node.rest.data.read;

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

    /**
     * The next part of a stream. Ends without records when some were deleted, so that the gap is told before what is
     * behind it. Refuses when nothing could be read because every partition is unavailable.
     */
    Result next(Positions positions, Wish wish, RecordSink sink) {
        List<Position> asked = positions.nextTurn(maxPositions);
        PageReader.Page page = pages.read(asked, wish, sink);
        List<Lag> lags = new ArrayList<>(0);
        skipDeleted(asked, lags);
        return result(asked, page.records(), page.scanned(), lags);
    }

    /** A page of its own, which goes on behind records that were deleted. Refuses as {@link #next} does. */
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
        return result(asked, records, scanned, lags);
    }

    private static Result result(List<Position> asked, int records, int scanned, List<Lag> lags) {
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
            if (refused != null && position.isBeforeStart()) {
                lags.add(new Lag(position, position.next(), refused.offsets().logStartOffset()));
                position.moveTo(refused.offsets().logStartOffset());
                position.refused(null);
                moved = true;
            }
        }
        return moved;
    }
}
