package io.jofka.node.metadata;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What values a configuration key takes. Pure. */
public sealed interface ConfigCheck {
    /** What is wrong with the value, in a sentence without the key's name; empty when it is valid. */
    Optional<String> problem(String value);

    /** The valid values in words. */
    String range();

    /** A whole number between two bounds, both inclusive. */
    record Whole(long min, long max) implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            try {
                long number = Long.parseLong(value.strip());
                if (number >= min && number <= max) {
                    return Optional.empty();
                }
            } catch (NumberFormatException e) {
                return Optional.of("must be a whole number, not '" + Quoted.of(value) + "'");
            }
            return Optional.of("must be " + range() + ", not " + Quoted.of(value));
        }

        @Override
        public String range() {
            return max == Long.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
        }
    }

    /** Either -1 or a whole number between two bounds. */
    record WholeOrMinusOne(long min, long max) implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            return value.strip().equals("-1") ? Optional.empty() : new Whole(min, max).problem(value);
        }

        @Override
        public String range() {
            return "-1 or " + new Whole(min, max).range();
        }
    }

    /** A finite number between two bounds, both inclusive. */
    record Real(double min, double max) implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            try {
                double number = Double.parseDouble(value.strip());
                if (number >= min && number <= max) {
                    return Optional.empty();
                }
            } catch (NumberFormatException e) {
                return Optional.of("must be a number, not '" + Quoted.of(value) + "'");
            }
            return Optional.of("must be " + range() + ", not " + Quoted.of(value));
        }

        @Override
        public String range() {
            return "between " + min + " and " + max;
        }
    }

    /** One of some words. */
    record OneOf(List<String> words) implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            return words.contains(value.strip())
                    ? Optional.empty()
                    : Optional.of("must be " + range() + ", not '" + Quoted.of(value) + "'");
        }

        @Override
        public String range() {
            return "one of " + String.join(", ", words);
        }
    }

    /** {@code true} or {@code false} in any case. */
    record Flag() implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            String word = value.strip();
            return word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")
                    ? Optional.empty()
                    : Optional.of("must be true or false, not '" + Quoted.of(value) + "'");
        }

        @Override
        public String range() {
            return "true or false";
        }
    }

    /** A comma-separated list of some words, each at most once; may be empty. */
    record ListOf(List<String> words) implements ConfigCheck {
        @Override
        public Optional<String> problem(String value) {
            Set<String> seen = new HashSet<>();
            for (String word : ConfigLists.split(value)) {
                if (!words.contains(word)) {
                    return Optional.of("must be " + range() + ", not '" + Quoted.of(value) + "'");
                }
                if (!seen.add(word)) {
                    return Optional.of("names '" + word + "' twice");
                }
            }
            return Optional.empty();
        }

        @Override
        public String range() {
            return "a list of " + String.join(", ", words);
        }
    }

    /** {@code *}, or a list of {@code partition:node}; may be empty. */
    record ReplicaList() implements ConfigCheck {
        private static final Pattern REPLICA = Pattern.compile("[0-9]{1,9}:[0-9]{1,9}");

        @Override
        public Optional<String> problem(String value) {
            List<String> replicas = ConfigLists.split(value);
            boolean all = replicas.equals(List.of("*"));
            boolean each = replicas.stream()
                    .allMatch(replica -> REPLICA.matcher(replica).matches());
            return all || each
                    ? Optional.empty()
                    : Optional.of("must be " + range() + ", not '" + Quoted.of(value) + "'");
        }

        @Override
        public String range() {
            return "'*' or a list of partition:node";
        }
    }
}
