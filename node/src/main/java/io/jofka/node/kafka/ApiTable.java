package io.jofka.node.kafka;

import io.jofka.node.common.Invariant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All served APIs by key. Immutable. */
public final class ApiTable {
    private final List<Api<?>> ordered;
    private final @Nullable Api<?>[] byKey;

    public ApiTable(Collection<Api<?>> apis) {
        this.ordered = new ArrayList<>(apis);
        ordered.sort(Comparator.comparingInt(api -> api.key().id));
        this.byKey = new Api<?>[ordered.getLast().key().id + 1];
        for (Api<?> api : ordered) {
            Invariant.check(byKey[api.key().id] == null, "%s is registered twice", api.key());
            byKey[api.key().id] = api;
        }
    }

    /** In the order of their keys. */
    public List<Api<?>> all() {
        return List.copyOf(ordered);
    }

    @Nullable
    Api<?> find(short key) {
        return key >= 0 && key < byKey.length ? byKey[key] : null;
    }
}
