package io.mainstay.messaging.topology.service;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exclusive;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.state.TopologyMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The topology on a real `meta` group and a real disk.
class TopologyServiceTest {

    @TempDir Path directory;

    private SegmentedJournal journal;
    private RaftGroups groups;
    private TopologyService topology;

    @BeforeEach
    void open() throws Exception {
        Platform platform = RealPlatform.at(directory);
        TopologyMachine machine = new TopologyMachine(new SlotMap(1));
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> id == 0 ? List.of(machine) : List.of());
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
        topology = new TopologyService(groups.group(0), machine);
    }

    @AfterEach
    void close() throws Exception {
        groups.close();
        journal.close();
    }

    private static TopologyOutcome get(CompletableFuture<TopologyOutcome> answer) throws Exception {
        return answer.get(60, TimeUnit.SECONDS);
    }

    private TopologyOutcome change(TopologyChange change) throws Exception {
        return get(topology.change(change));
    }

    private List<String> queues() {
        return topology.view().vhost(VHOST).queues().stream().map(QueueView::name).toList();
    }

    @Test
    void whatWasAnsweredIsInTheViewAndSurvivesARestartIfItIsDurable() throws Exception {
        Done declared = (Done) change(declare("durable"));
        assertThat(topology.view().queue(declared.queue().id())).isEqualTo(declared.queue());
        change(new DeclareQueue(VHOST, "transient", false, false, "", FieldTable.EMPTY));
        change(exclusive("exclusive", "c1"));
        change(bind("amq.direct", "durable", "k"));
        assertThat(queues()).containsExactly("durable", "exclusive", "transient");
        close();
        open();
        assertThat(get(topology.begin())).isEqualTo(Done.CHANGED);
        assertThat(queues()).containsExactly("durable");
        assertThat(topology.view().vhost(VHOST).bindings()).hasSize(1);
        assertThat(topology.view().queue(declared.queue().id())).isEqualTo(declared.queue());
        assertThat(get(topology.begin())).isEqualTo(Done.UNCHANGED);
    }

    @Test
    void theExclusiveQueuesOfAConnectionGoWithIt() throws Exception {
        topology.change(exclusive("a", "c1"));
        topology.change(exclusive("b", "c1"));
        topology.change(exclusive("c", "c2"));
        // Not waited for: the log keeps the order.
        assertThat(get(topology.connectionClosed("c1"))).isEqualTo(Done.CHANGED);
        assertThat(queues()).containsExactly("c");
        assertThat(topology.connectionClosed("c3")).isCompletedWithValue(Done.UNCHANGED);
        assertThat(topology.connectionClosed("c1")).isCompletedWithValue(Done.UNCHANGED);
    }

    @Test
    void badArgumentsAreRefusedBeforeTheLogButAfterAComparison() throws Exception {
        long revision = topology.view().revision();
        TopologyChange bad = declare("q", table("x-expires", 0));
        assertThat(topology.change(bad))
                .isCompletedWithValue(
                        new Refused(
                                Reason.PRECONDITION_FAILED,
                                "invalid arg 'x-expires' for queue 'q' in vhost '/': {value_zero,0}"));
        assertThat(topology.view().revision()).isEqualTo(revision);
        change(declare("q"));
        assertThat(topology.change(bad))
                .isCompletedWithValue(
                        new Refused(
                                Reason.PRECONDITION_FAILED,
                                "inequivalent arg 'x-expires' for queue 'q' in vhost '/': received the value '0' of type 'signedint' but current is"
                                        + " none"));
        // One that only another type takes is not compared.
        assertThat(topology.change(declare("q", table("x-delivery-limit", 3))))
                .isCompletedWithValueMatching(
                        outcome -> outcome instanceof Done done && !done.changed());
    }

    @Test
    void whatCannotBeProposedIsUnavailable() throws Exception {
        change(exclusive("q", "c1"));
        groups.close();
        assertThat(change(new DeleteQueue(VHOST, "q", 1)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
        assertThat(get(topology.connectionClosed("c1"))).isInstanceOf(Refused.class);
    }
}
