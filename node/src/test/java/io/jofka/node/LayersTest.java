package io.jofka.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The picture of docs/architecture.md, executed. */
final class LayersTest {
    private static final String ROOT = "io.jofka.node.";

    /** What faces may take from below: values that storage hands upwards unchanged. */
    private static final DescribedPredicate<JavaClass> STORAGE_VALUES = new DescribedPredicate<>("values of storage") {
        @Override
        public boolean test(JavaClass type) {
            String name = type.getFullName();
            return name.equals(ROOT + "storage.LogSlice")
                    || name.startsWith(ROOT + "storage.Log$")
                    || name.equals(ROOT + "storage.StorageFailure")
                    || name.startsWith(ROOT + "storage.StorageFailure$");
        }
    };

    static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("boot")
            .definedBy(ROOT + "boot..")
            .layer("edges")
            .definedBy(ROOT + "rest..", ROOT + "kafka..", ROOT + "live..", ROOT + "peer..")
            .layer("application")
            .definedBy(ROOT + "broker..", ROOT + "controller..")
            .layer("machines")
            .definedBy(ROOT + "partition..", ROOT + "metadata..")
            .layer("files")
            .definedBy(ROOT + "storage..", ROOT + "consensus..")
            .layer("common")
            .definedBy(ROOT + "common..")
            .whereLayer("boot")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("edges")
            .mayOnlyBeAccessedByLayers("boot")
            .whereLayer("application")
            .mayOnlyBeAccessedByLayers("boot", "edges")
            .whereLayer("machines")
            .mayOnlyBeAccessedByLayers("boot", "edges", "application", "files")
            .whereLayer("files")
            .mayOnlyBeAccessedByLayers("boot", "application", "machines")
            .ignoreDependency(DescribedPredicate.alwaysTrue(), STORAGE_VALUES);

    static final ArchRule EDGES_DO_NOT_KNOW_PARTITION_MACHINES = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "rest..", ROOT + "kafka..", ROOT + "live..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "partition..", ROOT + "consensus..");

    static final ArchRule NO_CYCLES =
            slices().matching("io.jofka.node.(*)..").should().beFreeOfCycles();

    static final ArchRule MACHINES_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "partition..", ROOT + "metadata..")
            .and()
            .resideOutsideOfPackage(ROOT + "metadata.proto..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.net..",
                    "java.util.concurrent..",
                    "java.time..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    static final ArchRule ONLY_STORAGE_OPENS_FILES = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "storage..", ROOT + "consensus..", ROOT + "boot..", ROOT + "common..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.channels\\.FileChannel|java\\.io\\.File.*|java\\.nio\\.file\\.Files");

    static final ArchRule ONLY_SNAPSHOTS_KNOW_H2 = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "storage.snapshot..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.h2..", "java.sql..");

    static final ArchRule ONLY_KAFKA_AND_CONSENSUS_KNOW_KAFKA = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "kafka..", ROOT + "consensus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..");

    static final ArchRule ONLY_BOOT_READS_CONFIGURATION = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "boot..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.microprofile.config..")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class);

    /** Called as a plain test: ArchUnit's own engine reported none of the rules under Surefire. */
    @Test
    void rulesHold() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.jofka.node");
        assertThat("classes were found", classes.size(), greaterThan(100));
        for (ArchRule rule : List.of(
                LAYERS,
                EDGES_DO_NOT_KNOW_PARTITION_MACHINES,
                NO_CYCLES,
                MACHINES_ARE_PURE,
                ONLY_STORAGE_OPENS_FILES,
                ONLY_SNAPSHOTS_KNOW_H2,
                ONLY_KAFKA_AND_CONSENSUS_KNOW_KAFKA,
                ONLY_BOOT_READS_CONFIGURATION)) {
            rule.check(classes);
        }
    }
}
