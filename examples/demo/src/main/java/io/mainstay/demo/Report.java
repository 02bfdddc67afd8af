package io.mainstay.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Collects changes and checks of one telling of the story and prints them as tables.
final class Report {
    private final String clients;
    private final List<Change> changes = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private String orders = "";

    private record Check(String what, boolean held, String detail) {}

    /// @param clients what they are, for people
    Report(String clients) {
        this.clients = clients;
    }

    void change(Change change) {
        changes.add(change);
    }

    void check(String what, boolean held, String detail) {
        checks.add(new Check(what, held, detail));
    }

    /// @param counts of orders, for people
    void orders(String counts) {
        orders = counts;
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }

    boolean allHeld() {
        return checks.stream().allMatch(Check::held);
    }

    void print(PrintStream out, String registry) {
        String line = "  %-24s %12s %13s %14s   %s%n";
        out.printf("%nSeen in this run by %s and its clients with %s:%n", registry, clients);
        out.printf(line, "change", "registry", "last client", "orders failed", "stock Eureka (*)");
        for (Change change : changes) {
            out.printf(
                    line,
                    change.what(),
                    change.registryMs() + " ms",
                    change.clientsMs().isEmpty() ? "-" : change.slowestClientMs() + " ms",
                    change.failedOrders(),
                    change.stock());
        }
        out.printf("%nOrders: %s.%n", orders);
        out.println("Checks:");
        for (Check check : checks) {
            out.printf(
                    "  %-4s %s (%s)%n", check.held() ? "ok" : "NO", check.what(), check.detail());
        }
        out.flush();
    }

    /// What the columns of stock Eureka say, once for all tables.
    static void printFootnote(PrintStream out) {
        out.println(
                """

                (*) Until the last client saw it and orders that failed, on a Spring Eureka server with its defaults and clients of the
                    stock Eureka starter (fetch 1 s, renewal 1 s, lease 3 s, as here): measured by './mainstay demo --peer' and
                    './mainstay bench registry', not in this run. With the clients' own defaults up to 30 s come on top.
                    A new instance is timed from its registration, everything else from the act.
                """);
    }
}
