package io.jofka.node.boot;

/** Entry point of the node process. Exit codes: 143 or 130 stopped by a signal, 1 could not start, 3 ended by a fault. */
public final class Main {
    private static final String VALIDATING = "org.jboss.weld.xml.disableValidating";

    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0) {
            System.err.println(
                    "jofka: settings are given as -Dkey=value, not as '" + args[0] + "'; see docs/config.md");
            System.exit(1);
        }
        if (System.getProperty(VALIDATING) == null) {
            // our one beans.xml is checked by the tests; a validator would cost each start a tenth of a second
            System.setProperty(VALIDATING, "true");
        }
        try {
            io.helidon.Main.main(args);
        } catch (Throwable failure) {
            System.err.println("jofka: the node cannot start. " + reason(failure));
            System.exit(1);
        }
    }

    /** The sentence a person needs; the whole stack only for what nobody foresaw. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Settings.BadSettings || cause instanceof StartFailure) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof java.net.BindException) {
                return "A port is taken: " + cause.getMessage()
                        + ". Another node may be running; server.port and jofka.kafka.port choose other ports.";
            }
        }
        System.getLogger(Main.class.getName()).log(System.Logger.Level.ERROR, "unforeseen", failure);
        return String.valueOf(failure.getMessage());
    }
}
