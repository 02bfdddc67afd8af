package io.mainstay.kernel.group;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Nodes, mostly three, with four raft groups in one thread and virtual time: the kernel of production on simulated disks, clocks and links that
/// fail as real ones do, and what must hold checked after every event. The same seed is the same run, in every JVM.
public final class KernelSimulation {

    private static final int GROUPS = 4;
    private static final long LIMIT_TO_CONVERGE = 60_000 * SimScheduler.MS;

    final SimScheduler scheduler = new SimScheduler();
    final int nodes;
    final int groupCount = GROUPS;
    final SimChecker checker;
    final SimNetwork network;
    final Workload workload;
    final Plant plant;
    final FaultMix mix;

    private final RandomGenerator random;
    private final List<SimMember> members = new ArrayList<>();
    private final List<SimClients> clients = new ArrayList<>();
    private boolean healed;

    private KernelSimulation(long seed, int nodes, FaultMix mix, Workload workload, Plant plant) {
        this.random = new SplittableRandom(seed);
        this.nodes = nodes;
        this.checker = new SimChecker(GROUPS, workload);
        this.mix = mix;
        this.workload = workload;
        this.plant = plant;
        this.network = new SimNetwork(scheduler, fork(), mix, checker.counts, nodes);
        for (int id = 1; id <= nodes; id++) {
            SimMember member = new SimMember(id, this, fork());
            members.add(member);
            network.add(member);
        }
        for (int group = 0; group < GROUPS; group++) {
            clients.add(new SimClients(this, fork(), group));
        }
    }

    private RandomGenerator fork() {
        return new SplittableRandom(random.nextLong());
    }

    /// What a run was.
    ///
    /// @param trace digest of all events: the same for the same seed
    record Report(long seed, long trace, long events, long simulatedMs, SimChecker.Counts counts) {}

    /// Runs one seed to its end.
    ///
    /// @throws SimulationFailure if something happened that must not
    static Report run(long seed, int nodes, FaultMix mix, Workload workload, Plant plant) {
        var log = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = log.getLevel();
        // Faults are what is asked for here: what they make the nodes say is of no interest.
        log.setLevel(Level.OFF);
        KernelSimulation simulation = new KernelSimulation(seed, nodes, mix, workload, plant);
        try {
            simulation.run();
        } catch (SimulationFailure e) {
            throw e;
        } catch (RuntimeException | IOException | Error e) {
            throw new SimulationFailure("an exception in the simulation: " + e, e);
        } finally {
            log.setLevel(before);
        }
        return new Report(
                seed,
                simulation.scheduler.trace(),
                simulation.scheduler.count(),
                simulation.scheduler.now() / SimScheduler.MS,
                simulation.checker.counts);
    }

    private void run() throws IOException {
        for (SimMember member : members) {
            member.start();
        }
        clients.forEach(SimClients::begin);
        plan(mix.cutMs, this::cut);
        plan(mix.killMs, () -> crash(anyone(), false));
        plan(mix.powerMs, () -> crash(anyone(), true));
        plan(mix.blackoutMs, () -> members.forEach(member -> crash(member, true)));
        plan(mix.stallMs, () -> anyone().stall(random.nextInt(mix.longestStallMs)));
        plan(mix.resignMs, this::resign);
        plan(mix.throwMs, this::breakSomething);
        plan(4_000, () -> anyone().clock.set(random.nextInt(-mix.clockJumpMs, mix.clockJumpMs)));
        long end = mix.chaosMs * SimScheduler.MS;
        while (scheduler.step(end)) {
            // Each event checks what it touches.
        }
        heal();
        converge(scheduler.now() + LIMIT_TO_CONVERGE);
    }

    private void plan(int meanMs, Runnable fault) {
        if (meanMs <= 0) {
            return;
        }
        double ms = -Math.log(1 - random.nextDouble()) * meanMs;
        scheduler.in(
                (long) (ms * SimScheduler.MS),
                () -> {
                    if (!healed) {
                        fault.run();
                        plan(meanMs, fault);
                    }
                });
    }

    private SimMember anyone() {
        return members.get(random.nextInt(members.size()));
    }

    SimMember member(int id) {
        return members.get(id - 1);
    }

    boolean healed() {
        return healed;
    }

    private void cut() {
        network.cutSomething();
        scheduler.in(random.nextInt(1_200) * SimScheduler.MS, network::mend);
    }

    void crash(SimMember member, boolean powerCut) {
        if (!member.up) {
            return;
        }
        if (!powerCut && random.nextInt(6) == 0) {
            guarded(member::stop);
        } else {
            member.crash(powerCut);
        }
        scheduler.in((5 + random.nextInt(400)) * SimScheduler.MS, () -> restart(member));
    }

    private void restart(SimMember member) {
        if (!member.up) {
            guarded(member::start);
        }
    }

    private static void guarded(InOut body) {
        try {
            body.run();
        } catch (IOException e) {
            throw new SimulationFailure("a start or a stop failed: " + e.getMessage(), e);
        }
    }

    private interface InOut {
        void run() throws IOException;
    }

    private void resign() {
        SimMember member = anyone();
        int group = random.nextInt(GROUPS);
        if (member.up) {
            RaftGroups groups = member.groups;
            groups.onDriver(
                    () -> {
                        var client = groups.engines.get(group).client();
                        var quorum = EngineAccess.quorum(client);
                        if (quorum.isLeader()) {
                            client.resign(quorum.epoch());
                        }
                    });
            member.afterStep();
        }
    }

    private void breakSomething() {
        Breaker.Part[] parts = Breaker.Part.values();
        anyone().breakPart(random.nextInt(GROUPS), parts[random.nextInt(parts.length)]);
    }

    private void heal() {
        healed = true;
        members.forEach(member -> member.breakers.forEach(Breaker::disarm));
        mix.heal();
        network.mend();
        members.forEach(this::restart);
        workload.healed();
    }

    private void converge(long limit) {
        while (scheduler.now() < limit) {
            long until = Math.min(limit, scheduler.now() + 20 * SimScheduler.MS);
            while (scheduler.step(until)) {
                // As above.
            }
            boolean all = true;
            for (SimClients group : clients) {
                all &= group.converged() && group.allAnswered();
            }
            if (all && workload.settled()) {
                members.forEach(SimMember::checkBodies);
                return;
            }
        }
        StringBuilder states = new StringBuilder();
        for (SimMember member : members) {
            for (int group = 0; group < GROUPS; group++) {
                var client = member.groups.engines.get(group).client();
                states.append(
                        "%n  node %d %s %s"
                                .formatted(
                                        member.id,
                                        member.group(group).status(),
                                        EngineAccess.quorum(client)));
            }
        }
        throw new SimulationFailure(
                "the members did not converge after healing, or something was not answered"
                        + states
                        + "%n".formatted()
                        + workload.unsettled(),
                null);
    }
}
