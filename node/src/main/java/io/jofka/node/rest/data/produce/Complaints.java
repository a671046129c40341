package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.ArrayList;
import java.util.List;

/** The faults found in the records of one request; the first ones are told in full. Not thread-safe. */
final class Complaints {
    private static final int SHOWN = 50;

    private final List<Problem.Pointer> shown = new ArrayList<>(0);
    private final List<Fault> faults = new ArrayList<>(0);
    private int count;

    void add(Fault fault, String pointer, String detail) {
        count++;
        if (!faults.contains(fault)) {
            faults.add(fault);
        }
        if (shown.size() < SHOWN) {
            shown.add(new Problem.Pointer(pointer, fault.name(), detail));
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    void refuseIfAny() {
        if (count > 0) {
            throw new Refusal(problem());
        }
    }

    /** One problem for all: their common fault, or the general one of records. */
    Problem problem() {
        Fault fault = faults.size() == 1 ? faults.getFirst() : Fault.INVALID_RECORD;
        String first = shown.getFirst().detail();
        String detail = count == 1 ? first : count + " faults were found; the first: " + first;
        return Problem.of(fault, detail).errors(shown);
    }

    void clear() {
        shown.clear();
        faults.clear();
        count = 0;
    }
}
