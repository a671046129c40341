package io.jofka.node.controller;

import io.jofka.node.controller.TopicAdmin.Created;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** A process of its own that creates topics for ever, says which ones were acknowledged, and is killed meanwhile. */
final class MetadataChild {
    private MetadataChild() {}

    /** Arguments: data folder, prefix of the names. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        // small bounds, so that snapshots are taken and written while the process dies
        MetadataPlaneConfig config = Plane.withSnapshotBytes(Path.of(arguments[0]), 8 << 10);
        Plane node = Plane.start(config);
        out.println("ready");
        for (int i = 0; ; i++) {
            Created made = node.create(arguments[1] + "-" + i, 1 + i % 3, Map.of());
            out.println("ack " + made.name() + " " + made.id());
        }
    }
}
