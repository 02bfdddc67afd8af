package io.mainstay.registry.command;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// An immutable sorted map of texts in one array: `key, value, key, value …` in the natural order of the keys.
///
/// A tree needs 40 bytes for an entry where this needs 8, and a registry holds a dozen entries for each of many thousand instances.
final class CompactMap extends AbstractMap<String, String> implements SortedMap<String, String> {
    private final String[] texts;

    private CompactMap(String[] texts) {
        this.texts = texts;
    }

    /// @param texts keys and values in turn; the map's own from here on. Of equal keys the last counts.
    static SortedMap<String, String> of(String[] texts) {
        for (int at = 2; at < texts.length; at += 2) {
            if (texts[at - 2].compareTo(texts[at]) >= 0) {
                return new CompactMap(sorted(texts));
            }
        }
        return new CompactMap(texts);
    }

    private static String[] sorted(String[] texts) {
        TreeMap<String, String> entries = new TreeMap<>();
        for (int at = 0; at < texts.length; at += 2) {
            entries.put(texts[at], texts[at + 1]);
        }
        String[] sorted = new String[2 * entries.size()];
        int at = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            sorted[at++] = entry.getKey();
            sorted[at++] = entry.getValue();
        }
        return sorted;
    }

    @Override
    public int size() {
        return texts.length / 2;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        int at = key instanceof String text ? indexOf(text) : -1;
        return at < 0 ? null : texts[at + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String text && indexOf(text) >= 0;
    }

    private int indexOf(String key) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = texts[2 * middle].compareTo(key);
            if (order == 0) {
                return 2 * middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return CompactMap.this.size();
            }

            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, String>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < texts.length;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next += 2;
            return Map.entry(texts[next - 2], texts[next - 1]);
        }
    }

    /// Natural order.
    @Override
    public @Nullable Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public String firstKey() {
        return key(0);
    }

    @Override
    public String lastKey() {
        return key(texts.length - 2);
    }

    private String key(int at) {
        if (texts.length == 0) {
            throw new NoSuchElementException("the map is empty");
        }
        return texts[at];
    }

    @Override
    public SortedMap<String, String> subMap(String from, String to) {
        int begin = firstFrom(from);
        return range(begin, Math.max(begin, firstFrom(to)));
    }

    @Override
    public SortedMap<String, String> headMap(String to) {
        return range(0, firstFrom(to));
    }

    @Override
    public SortedMap<String, String> tailMap(String from) {
        return range(firstFrom(from), texts.length);
    }

    private int firstFrom(String key) {
        int at = 0;
        while (at < texts.length && texts[at].compareTo(key) < 0) {
            at += 2;
        }
        return at;
    }

    private SortedMap<String, String> range(int begin, int end) {
        return new CompactMap(Arrays.copyOfRange(texts, begin, end));
    }
}
