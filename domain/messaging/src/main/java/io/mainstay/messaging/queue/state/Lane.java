package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.BodySink;

import java.util.Map;
import java.util.TreeMap;

/// The messages of one priority of a queue in the order in which they came, numbered from 0.
///
/// Invariants: everything below `floor` is settled, `floor` itself is not (or is `tail`); `settled` holds disjoint ranges between `floor` and `tail`
/// that do not touch each other.
public final class Lane {

    final EntryIndex index;
    long floor;
    long tail;
    long reserved;
    long live;
    long bytes;

    /// Bytes that messages which are not settled have in the group's bodies, without the pieces of large ones.
    long stored;

    /// First number to last, of what is settled above the floor.
    final TreeMap<Long, Long> settled = new TreeMap<>();

    /// How often messages came back, of those that did.
    final TreeMap<Long, Integer> returns = new TreeMap<>();

    private final LargeBodies large;

    Lane(BlockStore store, QueueMemory memory, LargeBodies large) {
        this.large = large;
        index = new EntryIndex(store, memory);
    }

    /// The number behind the newest message.
    public long tail() {
        return tail;
    }

    /// The oldest message that is not settled; `tail` if there is none.
    public long floor() {
        return floor;
    }

    /// Messages below may have been delivered by this leader or an earlier one.
    public long reserved() {
        return reserved;
    }

    /// Messages that are not settled.
    public long live() {
        return live;
    }

    /// Body bytes of messages that are not settled.
    public long bytes() {
        return bytes;
    }

    /// The first message from the floor on that came at `timeMs` or later; `tail` if there is none. Asks one block for more than its summary.
    public long firstSince(long timeMs) {
        long block = index.firstBlockSince(floor, tail, timeMs);
        for (long n = block; n < tail; n++) {
            if (n >= floor && index.timeMs(n) >= timeMs) {
                return n;
            }
        }
        return tail;
    }

    /// The first message from the floor on from which the bodies up to the newest have no more than `most` bytes; `tail` if there is none. Only for a lane
    /// without settled messages above the floor. Asks the first and the last block in question for more than their summaries.
    public long firstWithin(long most) {
        long surplus = bytes - most;
        long n = floor;
        while (n < tail && surplus > 0) {
            long end = index.blockEnd(n);
            if (n == index.blockStart(n) && index.blockBytes(n) <= surplus) {
                surplus -= index.blockBytes(n);
                n = end;
            } else {
                surplus -= index.bodyBytes(n);
                n++;
            }
        }
        return n;
    }

    /// Where the entry of a message stands with those that follow it, to be read on any thread.
    public EntryBlock blockOf(long number) {
        return index.blockOf(number);
    }

    /// Whether the entry is in the heap.
    public boolean isNear(long number) {
        return index.isNear(number);
    }

    public int bodyBytes(long number) {
        return index.bodyBytes(number);
    }

    public Entry entry(long number) {
        return index.get(number);
    }

    public int returns(long number) {
        return returns.getOrDefault(number, 0);
    }

    /// The first number from `number` on that is not settled; `tail` if there is none.
    public long nextLive(long number) {
        long from = Math.max(number, floor);
        if (settled.isEmpty()) {
            return from;
        }
        Map.Entry<Long, Long> range = settled.floorEntry(from);
        return range != null && range.getValue() >= from ? range.getValue() + 1 : from;
    }

    /// The lowest address of a message that is not settled, or a lower one of its block; `Long.MAX_VALUE` if there is none.
    long lowestAddress() {
        if (live == 0) {
            return Long.MAX_VALUE;
        }
        if (index.isOrdered()) {
            return index.address(floor);
        }
        long lowest = Long.MAX_VALUE;
        long end = index.blockEnd(floor);
        for (long n = floor; n < end; n = nextLive(n + 1)) {
            lowest = Math.min(lowest, index.address(n));
        }
        for (long n = end; n < tail; n = index.blockEnd(n)) {
            lowest = Math.min(lowest, index.blockLowest(n));
        }
        return lowest;
    }

    /// Names the bodies of messages that are not settled.
    void bodies(long from, long to, BodySink sink) {
        if (live == 0) {
            return;
        }
        if (!index.isOrdered()) {
            bodiesInAnyOrder(from, to, sink);
            return;
        }
        if (index.address(floor) >= to) {
            return;
        }
        for (long n = nextLive(firstAt(from)); n < tail; n = nextLive(n + 1)) {
            long address = index.address(n);
            if (address >= to) {
                return;
            }
            sink.body(address, index.storedBytes(n));
        }
    }

    private void bodiesInAnyOrder(long from, long to, BodySink sink) {
        for (long n = floor; n < tail; ) {
            long end = index.blockEnd(n);
            if (index.blockLowest(n) < to && index.blockHighest(n) >= from) {
                for (long i = nextLive(n); i < end; i = nextLive(i + 1)) {
                    long address = index.address(i);
                    if (address >= from && address < to) {
                        sink.body(address, index.storedBytes(i));
                    }
                }
            }
            n = end;
        }
    }

    /// The first message, settled or not, at or above an address; `tail` if there is none. Only for addresses that rise.
    private long firstAt(long address) {
        long low = floor;
        long high = index.address(floor) >= address ? floor : tail;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (index.address(middle) < address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The queue is gone with everything in it. Blocks are not asked for, but for those with large messages.
    void drop() {
        for (long n = floor; n < tail; n = index.blockEnd(n)) {
            if (index.hasLarge(n)) {
                long end = index.blockEnd(n);
                for (long i = nextLive(n); i < end; i = nextLive(i + 1)) {
                    release(i, i + 1);
                }
            }
        }
        index.dropAll();
        settled.clear();
        returns.clear();
        floor = tail;
        live = 0;
        bytes = 0;
        stored = 0;
    }

    /// Memory is short: the heap keeps less of this lane.
    void shrink() {
        index.shrink(live);
    }

    /// A snapshot takes its place.
    void forget() {
        index.forget();
    }

    void add(Entry entry) {
        index.add(tail, entry);
        tail++;
        live++;
        bytes += entry.bodyBytes();
        stored += entry.bytes();
    }

    /// Settles what is live from `first` to `last`.
    void settle(long first, long last) {
        Check.that(last < tail, "settling up to %d, the lane ends at %d", last, tail);
        for (long n = nextLive(first); n <= last; n = nextLive(n)) {
            Long nextSettled = settled.higherKey(n);
            long end = nextSettled == null ? last : Math.min(last, nextSettled - 1);
            for (long i = n; i <= end; i++) {
                bytes -= index.bodyBytes(i);
                stored -= index.storedBytes(i);
                if (index.isLarge(i)) {
                    large.release(index.address(i));
                }
            }
            live -= end - n + 1;
            returns.subMap(n, true, end, true).clear();
            mark(n, end);
        }
    }

    /// Everything below `number` goes. Whole blocks go without being asked for.
    void truncate(long number) {
        long end = Math.min(number, tail);
        if (!settled.isEmpty()) {
            if (end > floor) {
                settle(floor, end - 1);
            }
            return;
        }
        for (long n = floor; n < end; ) {
            long blockEnd = index.blockEnd(n);
            if (n == index.blockStart(n) && blockEnd <= end) {
                bytes -= index.blockBytes(n);
                stored -= index.blockStored(n);
                live -= blockEnd - n;
                if (index.hasLarge(n)) {
                    release(n, blockEnd);
                }
                n = blockEnd;
            } else {
                bytes -= index.bodyBytes(n);
                stored -= index.storedBytes(n);
                live--;
                release(n, n + 1);
                n++;
            }
        }
        returns.headMap(end).clear();
        floor = Math.max(floor, end);
        index.dropBefore(floor);
    }

    private void release(long from, long end) {
        for (long n = from; n < end; n++) {
            if (index.isLarge(n)) {
                large.release(index.address(n));
            }
        }
    }

    private void mark(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = settled.lowerEntry(first);
        if (before != null && before.getValue() == first - 1) {
            from = before.getKey();
        }
        Long after = settled.remove(last + 1);
        if (after != null) {
            to = after;
        }
        if (from == floor) {
            settled.remove(from);
            floor = to + 1;
            index.dropBefore(floor);
        } else {
            settled.put(from, to);
        }
    }
}
