package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// `mainstay status`
@Command(
        name = "status",
        description = "Shows the state of a running node.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay status", "  mainstay status --server http://10.0.0.5:8700 -o json"})
public final class StatusCommand extends AdminCommand {

    private static final List<Unit> UNITS =
            List.of(
                    new Unit("Bytes", Quantity::bytes),
                    new Unit("Ms", Quantity::millis),
                    new Unit("Nanos", nanos -> Quantity.millis(nanos / 1_000_000)));

    @Override
    protected int run(AdminClient client) {
        Object overview = client.get("/overview");
        show(overview, () -> table(overview));
        return ExitCode.OK;
    }

    static Table table(@Nullable Object overview) {
        Table table = new Table("what", "value");
        rows(table, "", overview);
        return table;
    }

    private static void rows(Table to, String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object && !object.isEmpty()) {
            object.forEach(
                    (inner, leaf) ->
                            rows(to, name.isEmpty() ? "" + inner : name + "." + inner, leaf));
        } else if (name.equals("groups") && value instanceof List<?> groups) {
            groups(to, groups);
        } else if (value instanceof Long || value instanceof Integer) {
            number(to, name, ((Number) value).longValue());
        } else {
            to.row(name, value);
        }
    }

    private static void number(Table to, String name, long number) {
        for (Unit unit : UNITS) {
            if (name.endsWith(unit.suffix())) {
                String what = name.substring(0, name.length() - unit.suffix().length());
                to.row(what, unit.text().apply(number));
                return;
            }
        }
        to.row(name, Quantity.count(number));
    }

    /// How many raft groups are well, and each that is not.
    private static void groups(Table to, List<?> groups) {
        long led = groups.stream().filter(group -> "LEADER".equals(role(group))).count();
        to.row("raft groups", groups.size() + ", led here: " + led);
        for (Object group : groups) {
            if (!"LEADER".equals(role(group)) && !"FOLLOWER".equals(role(group))) {
                to.row("raft group " + Json.member(group, "name"), role(group));
            }
        }
    }

    private static @Nullable Object role(Object group) {
        return Json.member(group, "role");
    }

    /// @param suffix of a field's name that says its unit
    private record Unit(String suffix, LongFunction<String> text) {}
}
