package io.mainstay.messaging.topology.view;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// An immutable hash map of which changed copies are cheap: a hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001). A change copies the nodes on
/// the way to the entry, about log32(size) of at most 32 references each; everything else is shared. Reading neither locks nor allocates.
///
/// The order of entries is not defined: state machines sort what they write.
///
/// @param <K> with `equals` and a `hashCode` that spreads
public final class PersistentMap<K, V> {

    private static final int BITS = 5;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(0, Node.EMPTY);

    private final int size;
    private final Node root;

    private PersistentMap(int size, Node root) {
        this.size = size;
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public @Nullable V get(K key) {
        int hash = spread(key);
        Node node = root;
        for (int shift = 0; ; shift += BITS) {
            Object found = node.at(hash, shift);
            if (found instanceof Node next) {
                node = next;
            } else {
                return found instanceof Entry entry ? find(entry, hash, key) : null;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable V find(Entry first, int hash, K key) {
        if (first.hash == hash) {
            for (@Nullable Entry entry = first; entry != null; entry = entry.next) {
                if (entry.key.equals(key)) {
                    return (V) entry.value;
                }
            }
        }
        return null;
    }

    /// The map in which `key` leads to `value`.
    public PersistentMap<K, V> with(K key, V value) {
        boolean isNew = get(key) == null;
        int hash = spread(key);
        return new PersistentMap<>(isNew ? size + 1 : size, root.with(hash, 0, key, value));
    }

    /// The map without `key`; this one if it is not in it.
    public PersistentMap<K, V> without(K key) {
        if (get(key) == null) {
            return this;
        }
        return size == 1
                ? empty()
                : new PersistentMap<>(size - 1, root.without(spread(key), 0, key));
    }

    @SuppressWarnings("unchecked")
    public void forEach(BiConsumer<? super K, ? super V> action) {
        root.forEach((BiConsumer<Object, Object>) action);
    }

    /// Tells the values that are otherwise than in an earlier map, in time that grows with the changes between them: what both share is not looked at. A value
    /// that is the same may be told as gone and as come.
    @SuppressWarnings("unchecked")
    public void differences(
            PersistentMap<K, V> before, Consumer<? super V> gone, Consumer<? super V> come) {
        differences(before.root, root, (Consumer<Object>) gone, (Consumer<Object>) come);
    }

    private static void differences(
            @Nullable Object before,
            @Nullable Object after,
            Consumer<Object> gone,
            Consumer<Object> come) {
        if (before == after) {
            return;
        }
        if (before instanceof Node earlier && after instanceof Node later) {
            for (int places = earlier.bitmap | later.bitmap; places != 0; ) {
                int bit = Integer.lowestOneBit(places);
                places ^= bit;
                differences(earlier.of(bit), later.of(bit), gone, come);
            }
        } else {
            Node.forEach(before, (key, value) -> gone.accept(value));
            Node.forEach(after, (key, value) -> come.accept(value));
        }
    }

    /// A copy of the values.
    public List<V> values() {
        List<V> values = new ArrayList<>(size);
        forEach((key, value) -> values.add(value));
        return values;
    }

    /// A copy of the keys.
    public List<K> keys() {
        List<K> keys = new ArrayList<>(size);
        forEach((key, value) -> keys.add(key));
        return keys;
    }

    private static int spread(Object key) {
        int hash = key.hashCode() * 0x9E3779B1;
        return hash ^ (hash >>> 15);
    }

    /// @param next another key of the same hash
    private record Entry(int hash, Object key, Object value, @Nullable Entry next) {

        Entry with(Object otherKey, Object otherValue) {
            return new Entry(hash, otherKey, otherValue, without(otherKey));
        }

        @Nullable Entry without(Object otherKey) {
            if (key.equals(otherKey)) {
                return next;
            }
            return new Entry(hash, key, value, next == null ? null : next.without(otherKey));
        }
    }

    private static final class Node {

        static final Node EMPTY = new Node(0, new Object[0]);

        /// Which of the 32 places are taken.
        private final int bitmap;

        /// What is there, in order: entries or nodes.
        private final Object[] slots;

        Node(int bitmap, Object[] slots) {
            this.bitmap = bitmap;
            this.slots = slots;
        }

        private static int bit(int hash, int shift) {
            return 1 << ((hash >>> shift) & 31);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }

        @Nullable Object at(int hash, int shift) {
            int bit = bit(hash, shift);
            return (bitmap & bit) == 0 ? null : slots[index(bit)];
        }

        /// What is at a place; `null`: nothing.
        @Nullable Object of(int bit) {
            return (bitmap & bit) == 0 ? null : slots[index(bit)];
        }

        Node with(int hash, int shift, Object key, Object value) {
            int bit = bit(hash, shift);
            int index = index(bit);
            if ((bitmap & bit) == 0) {
                Object[] more = new Object[slots.length + 1];
                System.arraycopy(slots, 0, more, 0, index);
                System.arraycopy(slots, index, more, index + 1, slots.length - index);
                more[index] = new Entry(hash, key, value, null);
                return new Node(bitmap | bit, more);
            }
            return replaced(index, joined(slots[index], hash, shift, key, value));
        }

        private static Object joined(Object there, int hash, int shift, Object key, Object value) {
            if (there instanceof Node node) {
                return node.with(hash, shift + BITS, key, value);
            }
            Entry entry = (Entry) there;
            if (entry.hash == hash) {
                return entry.with(key, value);
            }
            // Two hashes that were equal so far: push the one that is there a level down.
            int below = shift + BITS;
            Node alone = new Node(bit(entry.hash, below), new Object[] {entry});
            return alone.with(hash, below, key, value);
        }

        /// @param key must be in it
        Node without(int hash, int shift, Object key) {
            int bit = bit(hash, shift);
            int index = index(bit);
            @Nullable Object rest =
                    slots[index] instanceof Node node
                            ? node.without(hash, shift + BITS, key)
                            : ((Entry) slots[index]).without(key);
            if (rest instanceof Node node && node.slots.length == 1) {
                // Paths do not stay longer than they must be.
                rest = node.slots[0] instanceof Entry ? node.slots[0] : rest;
            }
            return rest == null ? removed(bit, index) : replaced(index, rest);
        }

        private Node replaced(int index, Object slot) {
            Object[] changed = slots.clone();
            changed[index] = slot;
            return new Node(bitmap, changed);
        }

        private Node removed(int bit, int index) {
            Object[] fewer = new Object[slots.length - 1];
            System.arraycopy(slots, 0, fewer, 0, index);
            System.arraycopy(slots, index + 1, fewer, index, fewer.length - index);
            return new Node(bitmap & ~bit, fewer);
        }

        void forEach(BiConsumer<Object, Object> action) {
            for (Object slot : slots) {
                forEach(slot, action);
            }
        }

        static void forEach(@Nullable Object slot, BiConsumer<Object, Object> action) {
            if (slot instanceof Node node) {
                node.forEach(action);
            } else {
                for (@Nullable Entry e = (Entry) slot; e != null; e = e.next) {
                    action.accept(e.key, e.value);
                }
            }
        }
    }
}
