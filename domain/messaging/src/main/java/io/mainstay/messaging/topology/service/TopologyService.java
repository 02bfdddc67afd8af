package io.mainstay.messaging.topology.service;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.api.TopologyOutcome.Unknown;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;
import io.mainstay.messaging.topology.command.TopologyCommandCodec;
import io.mainstay.messaging.topology.rules.ChangeRules;
import io.mainstay.messaging.topology.rules.Equivalence;
import io.mainstay.messaging.topology.state.TopologyMachine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// [Topology] over the machine in `meta`.
public final class TopologyService implements Topology {

    /// Connections whose queues are tried again when another connection ends.
    private static final int MAX_RETRIES = 16;

    private final TopologyMachine machine;
    private final RaftGroup meta;

    /// Connections that have asked for an exclusive queue.
    private final Set<String> owners = ConcurrentHashMap.newKeySet();

    /// Connections that are gone and whose queues could not be deleted.
    private final Set<String> leftBehind = ConcurrentHashMap.newKeySet();

    /// @param meta the group that runs `machine`
    public TopologyService(RaftGroup meta, TopologyMachine machine) {
        this.meta = meta;
        this.machine = machine;
    }

    /// Deletes what was not to outlive the last run of this node. Before clients are let in.
    public CompletableFuture<TopologyOutcome> begin() {
        return propose(new Boot(), true);
    }

    @Override
    public TopologyView view() {
        return machine.view();
    }

    @Override
    public CompletableFuture<TopologyOutcome> change(TopologyChange change) {
        Refused refused = ChangeRules.refusal(change);
        if (refused != null) {
            return CompletableFuture.completedFuture(ofWhatIsThere(change, refused));
        }
        if (change instanceof DeclareQueue queue && !queue.owner().isEmpty()) {
            owners.add(queue.owner());
        }
        return propose(new Make(change), freesSpace(change));
    }

    /// RabbitMQ compares with the queue that is there, and looks at the arguments of a new one only.
    private TopologyOutcome ofWhatIsThere(TopologyChange change, Refused refused) {
        if (change instanceof DeclareQueue wish) {
            VhostView vhost = view().vhost(wish.vhost());
            QueueView current = vhost == null ? null : vhost.queue(wish.name());
            if (current != null) {
                Refused different = Equivalence.of(current, wish);
                return different == null ? new Done(current, false) : different;
            }
        }
        return refused;
    }

    @Override
    public CompletableFuture<TopologyOutcome> connectionClosed(String owner) {
        List.copyOf(leftBehind).stream().limit(MAX_RETRIES).forEach(this::deleteQueuesOf);
        return owners.remove(owner)
                ? deleteQueuesOf(owner)
                : CompletableFuture.completedFuture(Done.UNCHANGED);
    }

    private CompletableFuture<TopologyOutcome> deleteQueuesOf(String owner) {
        leftBehind.remove(owner);
        return propose(new ConnectionClosed(owner), true)
                .thenApply(
                        outcome -> {
                            if (!(outcome instanceof Done)) {
                                leftBehind.add(owner);
                            }
                            return outcome;
                        });
    }

    private static boolean freesSpace(TopologyChange change) {
        return switch (change) {
            case TopologyChange.DeleteExchange x -> true;
            case TopologyChange.DeleteQueue x -> true;
            case TopologyChange.Unbind x -> true;
            case TopologyChange.DeleteVhost x -> true;
            case TopologyChange.DeletePermission x -> true;
            case TopologyChange.DeleteTopicPermission x -> true;
            case TopologyChange.DeletePolicy x -> true;
            case TopologyChange.DeclareExchange x -> false;
            case DeclareQueue x -> false;
            case TopologyChange.Bind x -> false;
            case TopologyChange.PutVhost x -> false;
            case TopologyChange.PutPermission x -> false;
            case TopologyChange.PutTopicPermission x -> false;
            case TopologyChange.PutPolicy x -> false;
            case TopologyChange.DeleteVhostLimit x -> true;
            case TopologyChange.DeleteUserLimit x -> true;
            case TopologyChange.PutVhostLimit x -> false;
            case TopologyChange.PutUserLimit x -> false;
        };
    }

    private CompletableFuture<TopologyOutcome> propose(TopologyCommand command, boolean freeing) {
        CompletableFuture<TopologyOutcome> answer = new CompletableFuture<>();
        Proposal proposal =
                new Proposal(
                        Durability.QUORUM_FSYNC, outcome -> answer.complete(outcomeOf(outcome)));
        proposal.add(
                MachineId.TOPOLOGY,
                TopologyCommandCodec.VERSION,
                TopologyCommandCodec.encode(command));
        if (freeing) {
            meta.proposeFreeing(proposal);
        } else {
            meta.propose(proposal);
        }
        return answer;
    }

    private static TopologyOutcome outcomeOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied applied -> (TopologyOutcome) applied.replies().getFirst();
            case Outcome.Accepted accepted ->
                    throw new IllegalStateException("quorum-fsync is answered when applied");
            case Outcome.Refused refused ->
                    new Refused(Reason.UNAVAILABLE, refused.reason() + ": " + refused.message());
            case Outcome.Unknown unknown -> new Unknown(unknown.message());
        };
    }
}
