package io.jofka.tests.powerloss;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A power cut keeps all that was forced and, over many seeds, loses each thing that was not. */
class PowerCutTest {
    private static final int SEEDS = 200;
    private static final List<Path> images = new ArrayList<>();
    private static Path scratch = Path.of("");

    @BeforeAll
    static void scribbleAndCut() throws IOException {
        Optional<Shim> shim = Shim.build();
        assumeTrue(shim.isPresent(), "needs a C compiler");
        scratch = Folders.temporary("powercut");
        Path watched = Files.createDirectory(scratch.resolve("data"));
        Files.writeString(watched.resolve("state"), "1");
        Files.writeString(watched.resolve("old"), "old");
        Path before = scratch.resolve("before");
        Folders.copy(watched, before);
        Path journal = scratch.resolve("journal");
        Commands.Result result = Commands.run(
                Duration.ofMinutes(1),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of(Scribbler.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                                .toString(),
                        Scribbler.class.getName(),
                        watched.toString()),
                new byte[0],
                shim.orElseThrow().environment(watched, journal),
                scratch);
        assertThat(result.toString(), result.exit(), is(9));
        for (int seed = 0; seed < SEEDS; seed++) {
            Path image = scratch.resolve("image-" + seed);
            PowerCut.image(before, watched, journal, new SplittableRandom(seed), image);
            images.add(image);
        }
    }

    @AfterAll
    static void clean() {
        Folders.delete(scratch);
    }

    @Test
    void forcedBytesAreAlwaysThere() throws IOException {
        String forced = "a".repeat(100) + "X".repeat(1_000) + "b".repeat(900) + "c".repeat(500);
        assertThat(texts("log"), everyItem(startsWith(forced)));
    }

    @Test
    void unforcedBytesAreSometimesLostTornOrReplacedByRubbish() throws IOException {
        List<Integer> sizes = texts("log").stream().map(String::length).toList();
        assertThat(sizes, hasItem(2_500));
        assertThat(sizes, hasItem(3_500));
        assertThat(sizes.stream().distinct().count(), greaterThan(3L));
    }

    @Test
    void anOverwriteWithoutForceMayOrMayNotHaveHappened() throws IOException {
        List<String> texts =
                texts("made/random").stream().map(text -> text.substring(0, 6)).toList();
        assertThat(texts, hasItem("forced"));
        assertThat(texts, hasItem("LOST!!"));
        assertThat(texts.stream().distinct().count(), is(2L));
    }

    @Test
    void aRenameWhoseFolderWasForcedIsDone() throws IOException {
        assertThat(texts("state"), everyItem(is("2")));
        assertThat(images.stream().anyMatch(image -> Files.exists(image.resolve("state.new"))), is(false));
    }

    @Test
    void aNameWhoseFolderWasForcedLaterIsThere() throws IOException {
        assertThat(texts("forced-but-nameless"), everyItem(is("x")));
    }

    @Test
    void aRemovalWhoseFolderWasForcedLaterIsDone() {
        assertThat(images.stream().anyMatch(image -> Files.exists(image.resolve("old"))), is(false));
    }

    @Test
    void forcedMappedBytesAreThereAndUnforcedOnesAreNot() throws IOException {
        for (Path image : images) {
            byte[] bytes = Files.readAllBytes(image.resolve("mapped"));
            assertThat(bytes[0], is((byte) 'm'));
            assertThat(bytes.length <= 4_096 || bytes[4_096] == 0, is(true));
        }
    }

    @Test
    void namesThatNoForceCoversAreSometimesLost() throws IOException {
        Path other = Files.createDirectory(scratch.resolve("names"));
        Path journal = scratch.resolve("names-journal");
        // created, written and forced, but the folder was not: cut the journal before the folder is forced
        byte[] whole = Files.readAllBytes(scratch.resolve("journal"));
        Files.write(journal, beginning(whole));
        boolean there = false;
        boolean gone = false;
        for (int seed = 0; seed < 50; seed++) {
            Path image = other.resolve("image-" + seed);
            PowerCut.image(
                    scratch.resolve("before"), scratch.resolve("data"), journal, new SplittableRandom(seed), image);
            there |= Files.exists(image.resolve("log"));
            gone |= !Files.exists(image.resolve("log"));
        }
        assertThat(there && gone, is(true));
    }

    /** The entries before the first force of a folder. */
    private static byte[] beginning(byte[] journal) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(journal).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (buffer.remaining() > 5 && buffer.get(buffer.position() + 4) != 'D') {
            buffer.position(buffer.position() + 4 + buffer.getInt(buffer.position()));
        }
        return java.util.Arrays.copyOf(journal, buffer.position());
    }

    private static List<String> texts(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path image : images) {
            texts.add(Files.readString(image.resolve(name), java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        return texts;
    }
}
