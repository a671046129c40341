package io.jofka.node.boot;

/** Entry point of the node process. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        io.helidon.Main.main(args);
    }
}
