package io.jofka.node.boot;

import java.util.Optional;

/** The version of this build as the jar's manifest has it. */
final class Version {
    private Version() {}

    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
