package io.mainstay.server.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks of the machine and the JVM. Each takes what it judges, so that a test can provoke it.
final class MachineChecks {

    static final long MIN_FILES = 4_096;
    static final long MIN_HEAP_BYTES = 128L << 20;
    private static final Instant OLDEST_CLOCK = Instant.parse("2026-01-01T00:00:00Z");
    private static final Pattern NOFILE = Pattern.compile("Max open files\\s+(\\d+|unlimited)\\s");

    private MachineChecks() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(jdk(Runtime.version().feature()));
        findings.add(heap(Runtime.getRuntime().maxMemory()));
        findings.add(processors(Runtime.getRuntime().availableProcessors()));
        findings.add(openFiles(limits()));
        findings.add(clock(Instant.now()));
        findings.add(encoding(java.nio.charset.Charset.defaultCharset().name()));
        return findings;
    }

    static Finding jdk(int feature) {
        return feature >= 25
                ? Finding.ok("jdk", "Java " + feature)
                : Finding.bad("jdk", "Java " + feature + " is too old", "Install a JDK 25.");
    }

    static Finding heap(long bytes) {
        String size = (bytes >> 20) + " MiB of heap";
        return bytes >= MIN_HEAP_BYTES
                ? Finding.ok("heap", size)
                : Finding.warn(
                        "heap", size + " is little", "Set MAINSTAY_JAVA_OPTS=-Xmx512m or more.");
    }

    static Finding processors(int count) {
        return count >= 2
                ? Finding.ok("processors", count + " processors")
                : Finding.warn(
                        "processors",
                        "one processor: network and disk wait for each other",
                        "Give the node two processors.");
    }

    /// @param limits content of /proc/self/limits, empty where there is none
    static Finding openFiles(String limits) {
        Matcher found = NOFILE.matcher(limits);
        if (!found.find()) {
            return Finding.ok("open-files", "no limit is known on this system");
        }
        String limit = found.group(1);
        boolean enough = limit.equals("unlimited") || Long.parseLong(limit) >= MIN_FILES;
        return enough
                ? Finding.ok("open-files", limit + " open files allowed")
                : Finding.warn(
                        "open-files",
                        "only " + limit + " open files allowed; each connection takes one",
                        "Raise it: ulimit -n 65536, or LimitNOFILE= of the service.");
    }

    static Finding clock(Instant now) {
        return now.isAfter(OLDEST_CLOCK)
                ? Finding.ok("clock", "the clock says " + now.truncatedTo(ChronoUnit.SECONDS))
                : Finding.bad(
                        "clock",
                        "the clock says " + now + ", which is before this program was made",
                        "Set the clock and let NTP keep it.");
    }

    static Finding encoding(String charset) {
        return charset.equals("UTF-8")
                ? Finding.ok("encoding", charset)
                : Finding.warn(
                        "encoding",
                        "text is read as " + charset,
                        "Start Java without -Dfile.encoding.");
    }

    private static String limits() {
        Path file = Path.of("/proc/self/limits");
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException unreadable) {
            // A system without limits to read is judged as unknown.
            return "";
        }
    }
}
