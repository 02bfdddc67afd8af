package io.mainstay.registry.view;

import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RegistryView.Change;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/// The changes of one namespace within the delta window.
///
/// An append-only array that all views share: a view remembers its start and end in it and drops superseded entries when it is
/// first read, so a publish costs what it adds. The array is copied when it is full, without what is too old or superseded. One
/// writer at a time (the lock of [NamespaceViews]); slots below a view's end are never written again.
final class RecentChanges {
    private static final int FIRST_CAPACITY = 64;

    private final long windowMs;
    private Change[] log = new Change[FIRST_CAPACITY];
    private int start;
    private int end;

    RecentChanges(long windowMs) {
        this.windowMs = windowMs;
    }

    void add(Change change) {
        if (end == log.length) {
            rewrite();
        }
        log[end++] = change;
    }

    /// Forgets what happened before `nowMs` minus the window; true if there was anything.
    boolean prune(long nowMs) {
        int before = start;
        while (start < end && log[start].atMs() < nowMs - windowMs) {
            start++;
        }
        if (start == end && start > 0) {
            log = new Change[FIRST_CAPACITY];
            start = 0;
            end = 0;
            return true;
        }
        return start != before;
    }

    List<Change> view() {
        return start == end ? List.of() : new Window(log, start, end);
    }

    private void rewrite() {
        List<Change> kept = latestOfEach(log, start, end);
        Change[] next = new Change[Math.max(FIRST_CAPACITY, kept.size() * 2)];
        for (int i = 0; i < kept.size(); i++) {
            next[i] = kept.get(i);
        }
        log = next;
        start = 0;
        end = kept.size();
    }

    /// The last change of each instance, oldest first.
    private static List<Change> latestOfEach(Change[] log, int start, int end) {
        HashSet<InstanceKey> seen = new HashSet<>();
        List<Change> latest = new ArrayList<>();
        for (int i = end - 1; i >= start; i--) {
            if (seen.add(log[i].instance().key())) {
                latest.add(log[i]);
            }
        }
        Collections.reverse(latest);
        return latest;
    }

    private static final class Window extends AbstractList<Change> {
        private final int start;
        private final int end;
        private Change[] log;
        private volatile List<Change> latest = List.of();

        Window(Change[] log, int start, int end) {
            this.log = log;
            this.start = start;
            this.end = end;
        }

        private List<Change> latest() {
            List<Change> read = latest;
            return read.isEmpty() ? firstRead() : read;
        }

        private synchronized List<Change> firstRead() {
            if (latest.isEmpty()) {
                latest = List.copyOf(latestOfEach(log, start, end));
                log = new Change[0];
            }
            return latest;
        }

        @Override
        public Change get(int index) {
            return latest().get(index);
        }

        @Override
        public int size() {
            return latest().size();
        }
    }
}
