package io.jofka.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Prints figures as a table: median (lowest..highest, runs) for each target, and each target's ratio to the first. */
public final class FigureTable {
    private FigureTable() {}

    private record Row(String metric, String config, String unit) {}

    public static void main(String[] args) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String file : args) {
            lines.addAll(Files.readAllLines(Path.of(file)));
        }
        System.out.print(render(lines));
    }

    static String render(List<String> lines) {
        Set<String> targets = new LinkedHashSet<>();
        Map<Row, Map<String, List<Double>>> rows = new LinkedHashMap<>();
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            if (fields.length == 5) {
                targets.add(fields[0]);
                rows.computeIfAbsent(new Row(fields[1], fields[2], fields[4]), any -> new LinkedHashMap<>())
                        .computeIfAbsent(fields[0], any -> new ArrayList<>())
                        .add(Double.valueOf(fields[3]));
            }
        }
        StringBuilder out =
                new StringBuilder("| metric | config | unit | " + String.join(" | ", targets) + " | ratio |\n");
        out.append("|").append("---|".repeat(targets.size() + 4)).append('\n');
        String first = targets.isEmpty() ? "" : targets.iterator().next();
        rows.forEach((row, values) -> {
            out.append("| %s | %s | %s |".formatted(row.metric(), row.config(), row.unit()));
            for (String target : targets) {
                out.append(' ')
                        .append(cell(values.getOrDefault(target, List.of())))
                        .append(" |");
            }
            out.append(ratios(first, values)).append(" |\n");
        });
        return out.toString();
    }

    private static String cell(List<Double> values) {
        if (values.isEmpty()) {
            return "-";
        }
        double low = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double high = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return number(median(values)) + " (" + number(low) + ".." + number(high) + ", " + values.size() + ")";
    }

    private static String ratios(String first, Map<String, List<Double>> values) {
        List<Double> base = values.getOrDefault(first, List.of());
        StringBuilder out = new StringBuilder();
        if (!base.isEmpty() && median(base) != 0) {
            values.forEach((target, all) -> {
                if (!target.equals(first)) {
                    out.append(String.format(Locale.ROOT, " %s %.2fx", target, median(all) / median(base)));
                }
            });
        }
        return out.toString();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String number(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
