package io.mainstay.server.node;

/// How much of its memory the process needs.
interface MemoryProbe {

    Reading read();

    /// Collects garbage now, so that the next reading says what is alive.
    void collect();

    /// @param usedBytes of the heap's old generation, with what is garbage
    /// @param liveBytes of the heap's old generation, after the last collection that looked at all of it; 0 before the first one
    /// @param liveMaxBytes what that generation may hold
    /// @param directBytes buffers beside the heap
    /// @param directMaxBytes what they may take
    record Reading(
            long usedBytes,
            long liveBytes,
            long liveMaxBytes,
            long directBytes,
            long directMaxBytes) {

        boolean reaches(double share) {
            return liveBytes >= share * liveMaxBytes || directBytes >= share * directMaxBytes;
        }

        boolean usedReaches(double share) {
            return usedBytes >= share * liveMaxBytes;
        }

        boolean heapReaches(double share) {
            return liveBytes >= share * liveMaxBytes;
        }
    }
}
