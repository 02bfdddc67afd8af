package io.mainstay.bench.amqp;

/// What a broker has used since its start, or between two moments.
///
/// @param cpuSeconds user and system
/// @param switches how often a thread stopped to wait: each hand-off to a thread that slept begins or ends with one
/// @param journalBytes that were appended to the journal; NaN where it is not known, as the following. (What the kernel charges to a process as written counts
///     whole folios, up to twenty times as much.)
/// @param syncs of the journal
/// @param allocatedBytes of the heap
record Usage(
        double cpuSeconds,
        double switches,
        double journalBytes,
        double syncs,
        double allocatedBytes) {

    Usage minus(Usage before) {
        return new Usage(
                cpuSeconds - before.cpuSeconds,
                switches - before.switches,
                journalBytes - before.journalBytes,
                syncs - before.syncs,
                allocatedBytes - before.allocatedBytes);
    }

    Usage with(double appended, double journalSyncs, double allocated) {
        return new Usage(cpuSeconds, switches, appended, journalSyncs, allocated);
    }
}
