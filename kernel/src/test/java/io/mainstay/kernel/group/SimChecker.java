package io.mainstay.kernel.group;

import org.apache.kafka.server.common.OffsetAndEpoch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What must hold at every moment of a simulation, of all groups.
final class SimChecker {

    /// What happened, for the report.
    static final class Counts {
        long proposals;
        long acknowledged;
        long accepted;
        long remembered;
        long unknown;
        long reads;
        long readsServed;
        long frames;
        long kills;
        long powerCuts;
        long elections;
        long snapshots;
        long installs;
        long truncations;
        long thrown;
        long rebuilds;
        long relocatedBytes;

        void add(Counts other) {
            proposals += other.proposals;
            acknowledged += other.acknowledged;
            accepted += other.accepted;
            remembered += other.remembered;
            unknown += other.unknown;
            reads += other.reads;
            readsServed += other.readsServed;
            frames += other.frames;
            kills += other.kills;
            powerCuts += other.powerCuts;
            elections += other.elections;
            snapshots += other.snapshots;
            installs += other.installs;
            truncations += other.truncations;
            thrown += other.thrown;
            rebuilds += other.rebuilds;
            relocatedBytes += other.relocatedBytes;
        }

        @Override
        public String toString() {
            return "%,d commands acknowledged, %,d in memory and %,d accepted of %,d (%,d unknown), %,d reads served of %,d, %,d frames, %,d kills, %,d power cuts, %,d elections, %,d snapshots, %,d installed, %,d truncations, %,d exceptions thrown in a group, %,d groups rebuilt, %,d bytes of bodies moved"
                    .formatted(
                            acknowledged,
                            remembered,
                            accepted,
                            proposals,
                            unknown,
                            readsServed,
                            reads,
                            frames,
                            kills,
                            powerCuts,
                            elections,
                            snapshots,
                            installs,
                            truncations,
                            thrown,
                            rebuilds,
                            relocatedBytes);
        }
    }

    /// More commands than an entry has.
    private static final int PLACE_SHIFT = 20;

    final Counts counts = new Counts();
    private final List<GroupTruth> groups = new ArrayList<>();

    private final boolean commandsRepeat;
    private final boolean snapshotsAreAlike;

    SimChecker(int groupCount, Workload workload) {
        this.commandsRepeat = workload.repeatsCommands();
        this.snapshotsAreAlike = workload.snapshotsAreAlike();
        for (int i = 0; i < groupCount; i++) {
            groups.add(new GroupTruth());
        }
    }

    static void require(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new SimulationFailure(message.formatted(args), null);
        }
    }

    /// A member leads a term: nobody else ever does. The same one may, a second time, if a power cut took its first.
    void leads(int node, int group, int term) {
        Integer before = groups.get(group).leaders.putIfAbsent(term, node);
        if (before == null) {
            counts.elections++;
        }
        require(
                before == null || before == node,
                "group %d: nodes %d and %d both lead term %d",
                group,
                before,
                node,
                term);
    }

    /// A member applied the command at a place in the log: all others that do apply the same there and are in the same state after it.
    void applied(int node, int group, long place, long command, long digest) {
        GroupTruth truth = groups.get(group);
        Applied known = truth.log.get(place);
        if (known == null) {
            truth.log.put(place, new Applied(node, command, digest));
            Long twice = commandsRepeat ? null : truth.places.putIfAbsent(command, place);
            require(
                    twice == null,
                    "group %d: a command stands at offset %d and again at %d",
                    group,
                    offset(twice == null ? 0 : twice),
                    offset(place));
            return;
        }
        require(
                known.command == command,
                "group %d: nodes %d and %d applied different commands at offset %d%s",
                group,
                known.node,
                node,
                offset(place),
                offset(place) <= truth.acknowledged ? ", which was acknowledged" : "");
        require(
                known.digest == digest,
                "group %d: nodes %d and %d differ in state after offset %d",
                group,
                known.node,
                node,
                offset(place));
    }

    static long place(long offset, int index) {
        return offset << PLACE_SHIFT | index;
    }

    private static long offset(long place) {
        return place >> PLACE_SHIFT;
    }

    /// A client was told that its commands are applied at that offset.
    void acknowledged(int group, long offset, List<Long> commands) {
        counts.acknowledged += commands.size();
        GroupTruth truth = groups.get(group);
        for (int i = 0; i < commands.size(); i++) {
            Applied known = truth.log.get(place(offset, i));
            require(
                    known != null && known.command == commands.get(i),
                    "group %d: offset %d was acknowledged and holds something else",
                    group,
                    offset);
        }
        truth.acknowledged = Math.max(truth.acknowledged, offset);
    }

    /// A client of a lone voter was told that its commands are synced: in the end they stand there.
    void promised(int group, long offset, List<Long> commands) {
        for (int i = 0; i < commands.size(); i++) {
            groups.get(group).promised.put(place(offset, i), commands.get(i));
        }
    }

    /// A client of a lone voter was told that its commands are applied and in the memory of the operating system: unless the power goes they stand there in the
    /// end.
    void remembered(int group, long offset, List<Long> commands) {
        counts.remembered += commands.size();
        promised(group, offset, commands);
    }

    /// The power of a lone voter is cut: what it applied from `offset` on was not synced and may be gone, and then others come in its place.
    void forget(int group, long offset) {
        GroupTruth truth = groups.get(group);
        require(
                truth.acknowledged < offset,
                "group %d: offset %d was acknowledged and is not synced",
                group,
                truth.acknowledged);
        long first = place(offset, 0);
        truth.promised.keySet().removeIf(place -> place >= first);
        truth.log.entrySet().removeIf(known -> known.getKey() >= first);
        truth.places.values().removeIf(place -> place >= first);
    }

    void requirePromised(int group) {
        GroupTruth truth = groups.get(group);
        truth.promised.forEach(
                (place, command) -> {
                    Applied known = truth.log.get(place);
                    require(
                            known != null && known.command == command,
                            "group %d: offset %d was synced and holds something else",
                            group,
                            offset(place));
                });
    }

    /// A client was told that its commands are certainly not in the log: they never are.
    void refused(int group, List<Long> commands) {
        if (commandsRepeat) {
            return;
        }
        GroupTruth truth = groups.get(group);
        for (long command : commands) {
            Long before = truth.places.putIfAbsent(command, -1L);
            require(
                    before == null,
                    "group %d: a command was refused and stands at offset %d",
                    group,
                    before == null ? 0 : offset(before));
        }
    }

    /// The last offset that anybody was told to be applied.
    long acknowledged(int group) {
        return groups.get(group).acknowledged;
    }

    /// A read that was asked for when `floor` was acknowledged is served from a state that holds everything up to `shown`.
    void readServed(int node, int group, long floor, long shown) {
        counts.readsServed++;
        require(
                shown >= floor,
                "group %d: node %d served a read at offset %d, offset %d was acknowledged before it was asked",
                group,
                node,
                shown,
                floor);
    }

    void snapshot(int group, OffsetAndEpoch id, Snapshots.State state) {
        counts.snapshots++;
        Snapshots.State known = groups.get(group).snapshots.putIfAbsent(id, state);
        require(
                known == null
                        || !snapshotsAreAlike
                        || known.timeMs() == state.timeMs()
                                && known.machines().equals(state.machines()),
                "group %d: two members' snapshots at offset %d differ",
                group,
                id.offset());
    }

    Snapshots.State snapshotState(int group, OffsetAndEpoch id) {
        Snapshots.State known = groups.get(group).snapshots.get(id);
        require(known != null, "group %d: nobody has the snapshot %s", group, id);
        return new Snapshots.State(
                known.timeMs(), known.entryBytes(), known.machines().duplicate());
    }

    private record Applied(int node, long command, long digest) {}

    private static final class GroupTruth {
        final Map<Integer, Integer> leaders = new HashMap<>();
        final Map<Long, Applied> log = new HashMap<>();
        final Map<Long, Long> places = new HashMap<>();
        final Map<Long, Long> promised = new HashMap<>();
        final Map<OffsetAndEpoch, Snapshots.State> snapshots = new HashMap<>();
        long acknowledged = -1;
    }
}
