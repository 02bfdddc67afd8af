package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Clock;
import io.mainstay.platform.Disk;

/// Where a test plants a bug: each part of a node may be replaced by a broken one. This one plants none.
class Plant {

    static final Plant NONE = new Plant();

    HoldRules rules() {
        return new HoldRules();
    }

    Disk disk(Disk sound) {
        return sound;
    }

    Journal journal(Journal sound) {
        return sound;
    }

    <C, R> StateMachine<C, R> machine(StateMachine<C, R> sound, Clock clock) {
        return sound;
    }

    JournalStateStore store(int group, int nodeId, Journal journal) {
        return new JournalStateStore(group, nodeId, journal);
    }

    SimLog log(int group, Journal journal, Snapshots snapshots, SimChecker checker) {
        return new SimLog(group, journal, snapshots, checker);
    }
}
