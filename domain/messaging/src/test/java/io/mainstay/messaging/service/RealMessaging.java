package io.mainstay.messaging.service;

import static io.mainstay.messaging.topology.Machines.VHOST;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.service.TopologyService;
import io.mainstay.messaging.topology.state.TopologyMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Messaging over raft groups and a journal in a directory: `meta`, a data group, and one for what need not survive a start.
final class RealMessaging implements AutoCloseable {

    static final int MEMORY_GROUP = 2;
    private static final Duration SOON = Duration.ofSeconds(60);

    final MessagingService messaging;
    final TopologyService topology;
    private final SegmentedJournal journal;
    private final RaftGroups groups;

    /// @param wrapped the journal as the groups see it
    RealMessaging(Path directory, Duration consumerTimeout, UnaryOperator<Journal> wrapped)
            throws Exception {
        Platform platform = RealPlatform.at(directory);
        TopologyMachine machine = new TopologyMachine(new SlotMap(1), MEMORY_GROUP);
        journal = SegmentedJournal.open(new JournalConfig(16 << 20, 0), platform);
        messaging = new MessagingService(platform, MEMORY_GROUP, consumerTimeout);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(
                                1, 1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        wrapped.apply(journal),
                        id -> List.of(id == 0 ? machine : messaging.machineFor(id)));
        groups.start();
        assertThat(groups.awaitReady(SOON)).isTrue();
        topology = new TopologyService(groups.group(0), machine);
        topology.begin().get(60, TimeUnit.SECONDS);
        assertThat(messaging.start(groups::group, topology, machine::onChange, SOON)).isTrue();
    }

    QueueView declare(String name, boolean durable, Map<String, Object> arguments)
            throws Exception {
        DeclareQueue wish =
                new DeclareQueue(VHOST, name, durable, false, "", new FieldTable(arguments));
        return Objects.requireNonNull(
                ((Done) topology.change(wish).get(60, TimeUnit.SECONDS)).queue());
    }

    @Override
    public void close() throws Exception {
        messaging.close();
        groups.close();
        journal.close();
    }
}
