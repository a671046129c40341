package io.jofka.node.rest.admin;

/**
 * Limits of the administrative operations.
 *
 * @param maxBodyBytes largest body of an administrative request, 1 KiB to 64 MiB
 * @param maxDepth deepest nesting of JSON in such a body, 4 to 500
 * @param answerSlackMs how much longer than its own timeout a change is waited for before its outcome is called unknown,
 *     100 to 60,000
 */
public record AdminConfig(int maxBodyBytes, int maxDepth, int answerSlackMs) {
    public static AdminConfig defaults() {
        return new AdminConfig(1 << 20, 32, 2_000);
    }
}
