package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.JournalStats;
import io.mainstay.kernel.journal.RecordType;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A journal that hands everything on; a planted bug overrides what it breaks.
class JournalWrapper implements Journal {

    private final Journal journal;

    JournalWrapper(Journal journal) {
        this.journal = journal;
    }

    @Override
    public long append(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            ByteBuffer payload,
            boolean fromReserve) {
        return journal.append(type, group, baseOffset, lastOffset, epoch, payload, fromReserve);
    }

    @Override
    public long end() {
        return journal.end();
    }

    @Override
    public long synced() {
        return journal.synced();
    }

    @Override
    public long sync() throws IOException {
        return journal.sync();
    }

    @Override
    public void flush() {
        journal.flush();
    }

    @Override
    public void read(long recordEnd, ByteBuffer target) throws IOException {
        journal.read(recordEnd, target);
    }

    @Override
    public void release(int group, long position) {
        journal.release(group, position);
    }

    @Override
    public void replay(Replay replay) throws IOException {
        journal.replay(replay);
    }

    @Override
    public long neededFrom(int group) {
        return journal.neededFrom(group);
    }

    @Override
    public void replay(int group, long from, long to, Replay replay) throws IOException {
        journal.replay(group, from, to, replay);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    @Override
    public boolean failed() {
        return journal.failed();
    }

    @Override
    public boolean full() {
        return journal.full();
    }

    @Override
    public JournalStats stats() {
        return journal.stats();
    }
}
