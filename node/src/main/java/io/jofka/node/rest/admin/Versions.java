package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions of topics as entity tags: the metadata index of their last change. */
final class Versions {
    private static final Pattern LIST = Pattern.compile("(W/)?\"[^\"]*\"(\\s*,\\s*(W/)?\"[^\"]*\")*");

    private Versions() {}

    static String tag(TopicImage topic) {
        return "\"" + topic.changedIndex() + "\"";
    }

    /** Refuses with 412 unless {@code If-Match} is absent, {@code *}, or names the version; weak tags never match. */
    static Optional<Long> expected(@Nullable String ifMatch, TopicImage topic) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return Optional.empty();
        }
        String list = ifMatch.strip();
        if (!LIST.matcher(list).matches()) {
            throw new Refusal(Fault.INVALID_PARAMETER, "If-Match is *, or entity tags in quotes.");
        }
        for (String tag : list.split(",", -1)) {
            if (tag.strip().equals(tag(topic))) {
                return Optional.of(topic.changedIndex());
            }
        }
        Problem problem =
                Problem.of(Fault.PRECONDITION_FAILED, "The topic has changed; its version is now " + tag(topic) + ".");
        throw new Refusal(problem.extra(Map.of("currentETag", tag(topic))));
    }
}
