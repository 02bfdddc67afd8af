package io.mainstay.kernel.group;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The clients of one group: commands and reads at members picked by chance, mostly at the leader that answered last.
final class SimClients {

    private final KernelSimulation simulation;
    private final SimChecker checker;
    private final RandomGenerator random;
    private final int group;
    private int believed = 1;
    private long nextNumber;
    private boolean probing;
    private boolean probeApplied;
    private final Set<Asked> open = new LinkedHashSet<>();

    SimClients(KernelSimulation simulation, RandomGenerator random, int group) {
        this.simulation = simulation;
        this.checker = simulation.checker;
        this.random = random;
        this.group = group;
        this.nextNumber = (group + 1L) << 40;
    }

    void begin() {
        double ms = -Math.log(1 - random.nextDouble()) * simulation.mix.opMs;
        simulation.scheduler.in(
                (long) (ms * SimScheduler.MS),
                () -> {
                    if (!simulation.healed()) {
                        operate();
                        begin();
                    }
                });
    }

    private void operate() {
        int picked = random.nextInt(4) == 0 ? 1 + random.nextInt(simulation.nodes) : believed;
        SimMember member = simulation.member(picked);
        if (!member.up) {
            believed = 1 + random.nextInt(simulation.nodes);
            return;
        }
        if (random.nextDouble() < simulation.mix.readShare) {
            read(member);
        } else {
            propose(
                    member,
                    level(),
                    1 + (random.nextInt(6) == 0 ? random.nextInt(6) : 0),
                    () -> {});
        }
        member.afterStep();
    }

    /// One in eight is content with less than a synced majority.
    private Durability level() {
        if (simulation.mix.memoryShare > 0 && random.nextDouble() < simulation.mix.memoryShare) {
            return Durability.LEADER_MEMORY;
        }
        Durability[] levels = Durability.values();
        return random.nextInt(8) == 0
                ? levels[random.nextInt(levels.length)]
                : Durability.QUORUM_FSYNC;
    }

    private void propose(SimMember member, Durability level, int commands, Runnable applied) {
        List<Long> names = new ArrayList<>();
        Asked asked = new Asked(member, member.life, nextNumber);
        open.add(asked);
        Proposal proposal =
                new Proposal(
                        level,
                        outcome -> {
                            SimChecker.require(
                                    open.remove(asked),
                                    "group %d: a proposal answered twice",
                                    group);
                            if (asked.lives()) {
                                told(member, level, names, outcome, applied);
                            }
                        });
        for (int i = 0; i < commands; i++) {
            Workload.Command command = simulation.workload.command(group, nextNumber++, random);
            names.add(WatchedMachine.nameOf(command.bytes()));
            proposal.add(command.machine(), command.version(), command.bytes());
        }
        checker.counts.proposals += commands;
        member.group(group).propose(proposal);
    }

    private void told(
            SimMember member,
            Durability level,
            List<Long> names,
            Outcome outcome,
            Runnable applied) {
        switch (outcome) {
            case Outcome.Applied done -> {
                SimChecker.require(
                        level == Durability.QUORUM_FSYNC || level == Durability.LEADER_MEMORY,
                        "applied, asked for %s",
                        level);
                believed = member.id;
                if (level == Durability.LEADER_MEMORY && simulation.nodes == 1) {
                    checker.remembered(group, done.offset(), names);
                } else {
                    checker.acknowledged(group, done.offset(), names);
                }
                applied.run();
            }
            case Outcome.Refused refused -> {
                checker.refused(group, names);
                if (refused.reason() == Outcome.Reason.NOT_LEADER) {
                    believed = 1 + random.nextInt(simulation.nodes);
                }
            }
            case Outcome.Unknown unknown -> checker.counts.unknown += names.size();
            case Outcome.Accepted accepted -> {
                SimChecker.require(
                        level == Durability.LEADER_FSYNC || level == Durability.QUORUM_MEMORY,
                        "accepted, not applied");
                checker.counts.accepted += names.size();
                if (level == Durability.LEADER_FSYNC && simulation.nodes == 1) {
                    checker.promised(group, accepted.offset(), names);
                }
            }
        }
    }

    private void read(SimMember member) {
        checker.counts.reads++;
        long floor = checker.acknowledged(group);
        Asked asked = new Asked(member, member.life, nextNumber++);
        open.add(asked);
        member.group(group)
                .awaitReadable(
                        () -> {
                            SimChecker.require(
                                    open.remove(asked), "group %d: a read answered twice", group);
                            if (asked.lives()) {
                                checker.readServed(member.id, group, floor, member.shown[group]);
                            }
                        },
                        failed ->
                                SimChecker.require(
                                        open.remove(asked),
                                        "group %d: a read answered twice",
                                        group));
    }

    /// After healing: true once a command was applied and every member shows it and is in the same state.
    boolean converged() {
        if (!probeApplied) {
            probe();
            return false;
        }
        long end = checker.acknowledged(group);
        for (int node = 1; node <= simulation.nodes; node++) {
            if (simulation.member(node).shown[group] < end) {
                return false;
            }
        }
        checker.requirePromised(group);
        return true;
    }

    /// What was asked of a process that lives on and was never answered.
    boolean allAnswered() {
        open.removeIf(asked -> !asked.lives());
        return open.isEmpty();
    }

    private record Asked(SimMember member, int life, long number) {
        boolean lives() {
            return member.life == life;
        }
    }

    private void probe() {
        for (int node = 1; node <= simulation.nodes && !probing; node++) {
            SimMember member = simulation.member(node);
            if (member.group(group).leadingTerm() >= 0) {
                probing = true;
                propose(member, Durability.QUORUM_FSYNC, 1, () -> probeApplied = true);
                member.afterStep();
                simulation.scheduler.in(500 * SimScheduler.MS, () -> probing = false);
            }
        }
    }
}
