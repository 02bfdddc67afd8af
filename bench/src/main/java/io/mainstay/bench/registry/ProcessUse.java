package io.mainstay.bench.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process has used, as the kernel and the JVM's own tool say.
public final class ProcessUse {

    /// Linux counts processor time for user space in hundredths of a second on every platform.
    private static final double TICKS_PER_SECOND = 100;

    /// Of the serial collector: `def new generation total …K, used …K` and `tenured generation total …K, used …K`, in older releases
    /// with a blank, in newer ones without.
    private static final Pattern USED =
            Pattern.compile("(?:new generation|tenured generation|DefNew|Tenured).*?used (\\d+)K");

    private ProcessUse() {}

    /// User and system seconds of `pid` since its start.
    public static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
    }

    /// Resident memory of `pid`.
    public static long residentKiB(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS for process " + pid);
    }

    /// How often threads of `pid` that live now have stopped to wait.
    public static long voluntarySwitches(long pid) throws IOException {
        long switches = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                switches += number(task.resolve("status"), "voluntary_ctxt_switches:");
            }
        }
        return switches;
    }

    /// 0 if the process or the thread has ended.
    private static long number(Path file, String name) throws IOException {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.substring(name.length()).strip());
                }
            }
        } catch (NoSuchFileException ended) {
            return 0;
        }
        return 0;
    }

    /// Live bytes on the heap of a JVM that runs the serial collector.
    public static long heapBytesAfterCollection(String java, long pid)
            throws IOException, InterruptedException {
        jcmd(java, pid, "GC.run");
        jcmd(java, pid, "GC.run");
        Matcher used = USED.matcher(jcmd(java, pid, "GC.heap_info"));
        long total = 0;
        while (used.find()) {
            total += Long.parseLong(used.group(1)) * 1024;
        }
        return total;
    }

    private static String jcmd(String java, long pid, String command)
            throws IOException, InterruptedException {
        String tool = Path.of(java).resolveSibling("jcmd").toString();
        Process process =
                new ProcessBuilder(tool, Long.toString(pid), command)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }
}
