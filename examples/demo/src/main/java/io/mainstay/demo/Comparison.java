package io.mainstay.demo;

import java.io.PrintStream;
import java.util.List;

/// Both tellings of the story side by side.
final class Comparison {

    private Comparison() {}

    static void print(PrintStream out, Report eureka, Report streaming) {
        String line = "  %-24s %20s %20s   %s%n";
        out.printf("%nSide by side: until the last client saw it, and orders that failed%n");
        out.printf(line, "change", "stock Eureka starter", "Mainstay's starter", "all stock (*)");
        List<Change> others = streaming.changes();
        for (Change one : eureka.changes()) {
            for (Change other : others) {
                if (other.what().equals(one.what())) {
                    out.printf(line, one.what(), shown(one), shown(other), one.stock());
                }
            }
        }
        out.flush();
    }

    private static String shown(Change change) {
        String time = change.clientsMs().isEmpty() ? "-" : change.slowestClientMs() + " ms";
        return time + ", " + change.failedOrders();
    }
}
