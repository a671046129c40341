package io.jofka.node;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that a machine can check, over all modules. */
final class TidyTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MAX_LINES = 500;
    private static final int MAX_METHOD_LINES = 60;
    private static final Pattern METHOD = Pattern.compile(
            "^ {4}(?!return|new|throw|else|\\})[\\w@<>\\[\\], .?&]*\\([^;]*\\)[^;=]*\\{$|^ {4}[\\w@<>\\[\\], .?]+\\($");
    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git", ".jofka", "data");

    @Test
    void noSourceFileIsLongerThanFiveHundredLines() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources(".java", ".ts", ".tsx", ".js", ".sh", ".py")) {
            int lines = Files.readAllLines(file).size();
            if (lines > MAX_LINES) {
                found.add(ROOT.relativize(file) + ": " + lines);
            }
        }
        assertThat(found, empty());
    }

    @Test
    void noMethodIsLongerThanSixtyLines() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources(".java")) {
            List<String> lines = Files.readAllLines(file);
            int start = -1;
            for (int i = 0; i < lines.size(); i++) {
                if (METHOD.matcher(lines.get(i)).find()) {
                    start = i;
                } else if (lines.get(i).equals("    }") && start >= 0) {
                    if (i - start + 1 > MAX_METHOD_LINES) {
                        found.add(ROOT.relativize(file) + ":" + (start + 1) + ": " + (i - start + 1));
                    }
                    start = -1;
                }
            }
        }
        assertThat(found, empty());
    }

    @Test
    void noClassHasAnEmptySuffixAndNoPackageAnEmptyName() throws IOException {
        Pattern type =
                Pattern.compile("\\b(?:class|record|interface|enum)\\s+(\\w*(?:Manager|Helper|Utils?|Impl|Base))\\b");
        Pattern pack = Pattern.compile("^package .*\\.(util|utils|impl|misc|helpers?)(?:\\.|;)", Pattern.MULTILINE);
        List<String> found = new ArrayList<>();
        for (Path file : sources(".java")) {
            String text = Files.readString(file);
            for (Pattern pattern : List.of(type, pack)) {
                Matcher matcher = pattern.matcher(text);
                if (matcher.find() && !file.endsWith("TidyTest.java")) {
                    found.add(ROOT.relativize(file) + ": " + matcher.group(1));
                }
            }
        }
        assertThat(found, empty());
    }

    @Test
    void nothingIsLeftBehindInSources() throws IOException {
        Pattern left = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|Thread\\.sleep\\(|@Disabled\\b|printStackTrace\\(");
        List<String> found = new ArrayList<>();
        for (Path file : sources(".java", ".ts", ".tsx")) {
            if (file.endsWith("TidyTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (left.matcher(lines.get(i)).find()) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        assertThat(found, empty());
    }

    @Test
    void everyPackageOfMainCodeIsNullMarked() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources(".java")) {
            if (!file.toString().contains("src/main/java") || file.endsWith("module-info.java")) {
                continue;
            }
            Path info = file.resolveSibling("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                found.add(ROOT.relativize(file.getParent()).toString());
            }
        }
        assertThat(found.stream().distinct().toList(), empty());
    }

    @Test
    void everyClassNamedInTheArchitecturePageExists() throws IOException {
        Path page = ROOT.resolve("docs/architecture.md");
        List<String> known = sources(".java").stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .toList();
        Matcher names = Pattern.compile("`(?:[a-z]+\\.)+([A-Z]\\w+)`").matcher(Files.readString(page));
        List<String> missing = new ArrayList<>();
        while (names.find()) {
            if (!known.contains(names.group(1))) {
                missing.add(names.group(1));
            }
        }
        assertThat(missing, empty());
    }

    private static List<Path> sources(String... endings) throws IOException {
        List<Path> found = new ArrayList<>();
        collect(ROOT, endings, found);
        return found;
    }

    private static void collect(Path directory, String[] endings, List<Path> into) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry) && !SKIPPED.contains(name)) {
                    collect(entry, endings, into);
                } else if (Files.isRegularFile(entry) && Stream.of(endings).anyMatch(name::endsWith)) {
                    into.add(entry);
                }
            }
        }
    }
}
