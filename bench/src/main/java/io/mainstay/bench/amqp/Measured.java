package io.mainstay.bench.amqp;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one load showed.
///
/// @param messages half of the sum of what went in and out, so that a consumer that falls behind does not make the broker look cheap;
///     deliveries, if one publisher feeds many queues; one way, if the other one is missing
/// @param sent messages per second
/// @param received deliveries per second
/// @param latencyMicros from publisher to consumer: p50, p75, p95, p99; empty without consumers
/// @param confirmMicros from publish to confirm: the same; empty without confirms
/// @param used by all processes of the broker while the load ran
record Measured(
        double messages,
        double sent,
        double received,
        long[] latencyMicros,
        long[] confirmMicros,
        Usage used,
        long residentKiB) {

    private static final Pattern TIME = Pattern.compile("time ([0-9.]+) s,");
    private static final Pattern SENT = Pattern.compile("sending rate avg: ([0-9]+) msg/s");
    private static final Pattern RECEIVED = Pattern.compile("receiving rate avg: ([0-9]+) msg/s");
    private static final Pattern LATENCY =
            Pattern.compile("consumer latency min/median/75th/95th/99th ([0-9/]+) µs");
    private static final Pattern CONFIRM =
            Pattern.compile("confirm latency min/median/75th/95th/99th ([0-9/]+) µs");

    /// @param counted messages that were sent or received, if the load was counted, otherwise 0
    static Measured of(String said, int counted, Usage used, long residentKiB) throws IOException {
        double sent = last(SENT, said);
        double received = last(RECEIVED, said);
        return new Measured(
                counted == 0 ? through(sent, received) * last(TIME, said) : counted,
                sent,
                received,
                percentiles(LATENCY, said),
                percentiles(CONFIRM, said),
                used,
                residentKiB);
    }

    private static double through(double sent, double received) {
        boolean oneWay = sent == 0 || received == 0;
        boolean fanout = received > 2 * sent;
        return oneWay || fanout ? Math.max(sent, received) : (sent + received) / 2;
    }

    /// Messages per second that went both ways; see `messages`.
    double through() {
        return through(sent, received);
    }

    double cpuPerMillion() {
        return used.cpuSeconds() * 1e6 / messages;
    }

    private static double last(Pattern pattern, String said) throws IOException {
        Matcher matcher = pattern.matcher(said);
        String value = null;
        while (matcher.find()) {
            value = matcher.group(1);
        }
        if (value == null) {
            throw new IOException("PerfTest did not say '" + pattern + "':\n" + said);
        }
        return Double.parseDouble(value);
    }

    private static long[] percentiles(Pattern pattern, String said) {
        Matcher matcher = pattern.matcher(said);
        if (!matcher.find()) {
            return new long[0];
        }
        return Arrays.stream(matcher.group(1).split("/", -1))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
