package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Rows under headings, as wide as their content. Control characters of strangers never reach the terminal.
public final class Table {

    private static final int MAX_CELL = 120;

    private final List<String> titles;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... titles) {
        this.titles = List.of(titles);
    }

    /// One value per title; null is shown as `-`.
    public Table row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(text(cell));
        }
        rows.add(row);
        return this;
    }

    /// Every leaf of an answer as a row of name and value, so that what a newer node says is shown, too.
    public Table flat(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object && !object.isEmpty()) {
            object.forEach(
                    (inner, leaf) -> flat(name.isEmpty() ? "" + inner : name + "." + inner, leaf));
            return this;
        }
        return row(name, value);
    }

    public void print(PrintWriter out) {
        print(out, Ansi.AUTO.enabled());
    }

    void print(PrintWriter out, boolean colour) {
        int[] widths = new int[titles.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] =
                    Math.max(
                            titles.get(i).length(),
                            rows.stream()
                                    .mapToInt(row -> row.get(column).length())
                                    .max()
                                    .orElse(0));
        }
        String header =
                line(titles.stream().map(title -> title.toUpperCase(Locale.ROOT)).toList(), widths);
        out.println(colour ? Ansi.ON.string("@|bold " + header + "|@") : header);
        rows.forEach(row -> out.println(line(row, widths)));
        out.flush();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
        }
        return line.toString().stripTrailing();
    }

    /// A value as one printable line.
    public static String text(@Nullable Object value) {
        String text =
                switch (value) {
                    case null -> "-";
                    case Map<?, ?> object ->
                            object.entrySet().stream()
                                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                                    .collect(Collectors.joining(","));
                    case List<?> list ->
                            list.stream().map(Objects::toString).collect(Collectors.joining(","));
                    default -> value.toString();
                };
        return text.isEmpty() ? "-" : printable(text);
    }

    private static String printable(String text) {
        String cut = text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL - 3) + "...";
        StringBuilder safe = new StringBuilder();
        cut.codePoints().forEach(point -> safe.appendCodePoint(isHarmless(point) ? point : '?'));
        return safe.toString();
    }

    /// Also refuses what turns the direction of text or hides in it.
    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
