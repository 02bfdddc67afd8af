package io.mainstay.bench.amqp;

/// What a broker has used since its start, or between two moments.
///
/// @param cpuSeconds user and system
/// @param switches how often a thread stopped to wait: each hand-off to a thread that slept begins or ends with one
/// @param writtenBytes to the disk, its processes' own and no file system's
/// @param syncs of the journal; NaN where it is not known
/// @param allocatedBytes of the heap; NaN where it is not known
record Usage(
        double cpuSeconds,
        double switches,
        double writtenBytes,
        double syncs,
        double allocatedBytes) {

    Usage minus(Usage before) {
        return new Usage(
                cpuSeconds - before.cpuSeconds,
                switches - before.switches,
                writtenBytes - before.writtenBytes,
                syncs - before.syncs,
                allocatedBytes - before.allocatedBytes);
    }

    Usage withHeap(double journalSyncs, double allocated) {
        return new Usage(cpuSeconds, switches, writtenBytes, journalSyncs, allocated);
    }
}
