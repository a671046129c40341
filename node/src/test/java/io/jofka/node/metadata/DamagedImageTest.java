package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jofka.node.storage.NioDisk;
import io.jofka.node.storage.snapshot.DamagedImage;
import io.jofka.node.storage.snapshot.H2Images;
import io.jofka.node.storage.snapshot.ImageDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged image is either noticed or reads as exactly what was written; it never reads as something else. */
class DamagedImageTest {
    @TempDir
    Path directory;

    private final MachineFixture cluster = new MachineFixture().nodes(2);
    private H2Images images;
    private H2Images.Stored stored;
    private byte[] whole;
    private List<MetadataRecord> expected;

    @BeforeEach
    void write() throws Exception {
        for (int i = 0; i < 50; i++) {
            cluster.create(cluster.topic("t" + i, 2, 2));
        }
        images = new H2Images(directory, new NioDisk());
        stored = images.write(ImageTables.header(cluster.image), ImageTables.tables(cluster.image));
        whole = Files.readAllBytes(stored.file());
        expected = ImageRecords.of(cluster.image);
    }

    @Test
    void flippedBitsAreNoticedOrHarmless() throws Exception {
        Random random = new Random(42);
        int noticed = 0;
        for (int round = 0; round < 40; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            noticed += isNoticed(damaged) ? 1 : 0;
        }
        assertThat(noticed, is(greaterThan(0)));
    }

    @Test
    void truncatedFilesAreNoticedOrHarmless() throws Exception {
        assertThat(isNoticed(new byte[0]), is(true));
        assertThat(isNoticed(java.util.Arrays.copyOf(whole, 4096)), is(true));
        for (int cut = 1; cut < 8; cut++) {
            isNoticed(java.util.Arrays.copyOf(whole, whole.length * cut / 8));
        }
    }

    @Test
    void aFileUnderTheNameOfAnotherIndexIsNotTaken() throws Exception {
        Path other = directory.resolve("image-7-1.mv.db");
        Files.write(other, whole);
        assertThat(isNoticed(new H2Images.Stored(other, 7, 1)), is(true));
    }

    @Test
    void onlyTheNewestTwoAreKept() {
        for (int i = 0; i < 3; i++) {
            cluster.create(cluster.topic("more" + i, 1, 1));
            images.write(ImageTables.header(cluster.image), ImageTables.tables(cluster.image));
        }
        assertThat(images.stored(), hasSize(2));
        assertThat(images.stored().getFirst().index(), is(cluster.image.index()));
    }

    private boolean isNoticed(byte[] bytes) throws Exception {
        Files.write(stored.file(), bytes);
        return isNoticed(stored);
    }

    private boolean isNoticed(H2Images.Stored image) throws Exception {
        try (ImageDatabase database = images.open(image)) {
            assertThat(ImageRecords.of(ImageTables.read(database)), is(expected));
            return false;
        } catch (DamagedImage e) {
            return true;
        }
    }
}
