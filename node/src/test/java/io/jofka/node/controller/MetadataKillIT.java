package io.jofka.node.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment, again and again on the same folder: what was acknowledged is there, under the same id. */
class MetadataKillIT {
    private static final int KILLS = 12;

    @TempDir
    Path directory;

    @Test
    void acknowledgedTopicsSurviveKillsAtAnyMoment() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, UUID> acknowledged = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill("k" + kill, 1 + random.nextInt(80), acknowledged);
            try (Plane node = Plane.start(directory)) {
                assertThat("seed " + seed + ", kill " + kill, missing(node, acknowledged), is(Set.of()));
                assertThat(node.faults().isEmpty(), is(true));
            }
        }
        assertThat(acknowledged.size(), is(greaterThan(KILLS)));
    }

    private static Set<String> missing(Plane node, Map<String, UUID> acknowledged) {
        Set<String> missing = new LinkedHashSet<>();
        acknowledged.forEach((name, id) -> {
            boolean same = node.plane()
                    .images()
                    .current()
                    .topic(name)
                    .filter(topic -> topic.id().equals(id))
                    .isPresent();
            if (!same) {
                missing.add(name);
            }
        });
        return missing;
    }

    /** Kills after some acknowledgements, at whatever the child does then. */
    private void runAndKill(String prefix, int acks, Map<String, UUID> acknowledged) throws Exception {
        Process child = new ProcessBuilder(command(prefix))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int left = acks;
            String line = lines.readLine();
            while (line != null) {
                if (line.startsWith("ack ")) {
                    String[] words = line.split(" ", -1);
                    acknowledged.put(words[1], UUID.fromString(words[2]));
                    left--;
                }
                if (left == 0) {
                    // through its handle: the process object would close the pipe with acknowledgements still in it
                    child.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat("the child ended", child.waitFor(20, TimeUnit.SECONDS), is(true));
    }

    private List<String> command(String prefix) throws IOException, URISyntaxException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                classPath()));
        command.addAll(List.of(MetadataChild.class.getName(), directory.toString(), prefix));
        return command;
    }

    /** Where the classes come from, however the tests are run. */
    private static String classPath() throws IOException, URISyntaxException {
        Set<String> places = new LinkedHashSet<>();
        if (MetadataKillIT.class.getClassLoader() instanceof java.net.URLClassLoader loader) {
            for (java.net.URL url : loader.getURLs()) {
                places.add(Path.of(url.toURI()).toString());
            }
        }
        String surefire = System.getProperty("surefire.test.class.path");
        String own = surefire == null ? System.getProperty("java.class.path") : surefire;
        places.addAll(Arrays.asList(own.split(java.io.File.pathSeparator)));
        return String.join(java.io.File.pathSeparator, places);
    }
}
