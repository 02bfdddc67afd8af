package io.mainstay.messaging.service;

import static io.mainstay.messaging.topology.Machines.VHOST;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.topology.service.TopologyService;
import io.mainstay.messaging.topology.state.TopologyMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A raft group with an entry that cannot be applied: while it is rebuilt its queues' users wait, when it is given up they are told, and other queues go on.
class PoisonedGroupTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MEMORY_GROUP = 2;

    @TempDir Path directory;

    /// How many more commands of the durable queues' group cannot be applied.
    private final AtomicInteger poisoned = new AtomicInteger();

    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private SegmentedJournal journal;
    private RaftGroups groups;
    private MessagingService messaging;
    private TopologyService topology;
    private QueueSession session;

    @BeforeEach
    void open() throws Exception {
        Platform platform = RealPlatform.at(directory);
        TopologyMachine machine = new TopologyMachine(new SlotMap(1), MEMORY_GROUP);
        journal = SegmentedJournal.open(new JournalConfig(16 << 20, 0), platform);
        messaging = new MessagingService(platform, MEMORY_GROUP, Duration.ZERO);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(
                                1, 1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id ->
                                List.of(
                                        switch (id) {
                                            case 0 -> machine;
                                            case 1 -> poisonable(messaging.machineFor(1));
                                            default -> messaging.machineFor(id);
                                        }));
        groups.start();
        assertThat(groups.awaitReady(SOON)).isTrue();
        topology = new TopologyService(groups.group(0), machine);
        topology.begin().get(60, TimeUnit.SECONDS);
        assertThat(messaging.start(groups::group, topology, machine::onChange, SOON)).isTrue();
        session = messaging.open(eventLoop, "test");
    }

    @AfterEach
    void close() throws Exception {
        messaging.close();
        groups.close();
        journal.close();
        eventLoop.shutdown();
    }

    private StateMachine<?, ?> poisonable(QueueMachine real) {
        return (StateMachine<?, ?>)
                Proxy.newProxyInstance(
                        StateMachine.class.getClassLoader(),
                        new Class<?>[] {StateMachine.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("apply")
                                    && poisoned.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                                throw new IllegalStateException("poison");
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw Objects.requireNonNull(e.getCause());
                            }
                        });
    }

    private QueueView declare(String name, boolean durable) throws Exception {
        DeclareQueue wish =
                new DeclareQueue(
                        VHOST, name, durable, false, "", new FieldTable(java.util.Map.of()));
        return Objects.requireNonNull(
                ((Done) topology.change(wish).get(60, TimeUnit.SECONDS)).queue());
    }

    private PublishOutcome publish(QueueView queue) throws Exception {
        CompletableFuture<PublishOutcome> told = new CompletableFuture<>();
        eventLoop.execute(
                () -> {
                    session.publish(
                            new ComposedMessage(
                                    "", "q", MessageProperties.NONE, new byte[1], -1, null),
                            List.of(queue),
                            (sequence, outcome) -> told.complete(outcome),
                            0);
                    session.flush();
                });
        return told.get(60, TimeUnit.SECONDS);
    }

    private GetOutcome get(QueueView queue) throws Exception {
        CompletableFuture<GetOutcome> told = new CompletableFuture<>();
        eventLoop.execute(() -> session.get(queue, true, told::complete));
        return told.get(60, TimeUnit.SECONDS);
    }

    @Test
    void whoAsksWhileTheGroupIsRebuiltWaitsForIt() throws Exception {
        QueueView durable = declare("durable", true);
        assertThat(publish(durable)).isEqualTo(PublishOutcome.CONFIRMED);
        poisoned.set(1);
        assertThat(publish(durable)).isEqualTo(PublishOutcome.FAILED);
        // The second one had happened after all.
        assertThat(get(durable)).isInstanceOf(GetOutcome.Got.class);
        assertThat(get(durable)).isInstanceOf(GetOutcome.Got.class);
        assertThat(groups.group(1).status().rebuilds()).isOne();
    }

    @Test
    void whoAsksAGroupThatIsGivenUpIsToldAndOtherQueuesGoOn() throws Exception {
        QueueView durable = declare("durable", true);
        QueueView passing = declare("passing", false);
        poisoned.set(Integer.MAX_VALUE);
        assertThat(publish(durable)).isEqualTo(PublishOutcome.FAILED);
        assertThat(get(durable))
                .isInstanceOfSatisfying(
                        GetOutcome.Failed.class,
                        failed -> {
                            assertThat(failed.reason()).isEqualTo(Reason.INACCESSIBLE);
                            assertThat(failed.message())
                                    .isEqualTo(
                                            "queue 'durable' in vhost '/' is down or inaccessible: its raft group 1 is out of service");
                        });
        assertThat(groups.group(1).staysFenced()).isTrue();
        CompletableFuture<CountOutcome> deleted = new CompletableFuture<>();
        eventLoop.execute(() -> session.delete(durable, false, false, deleted::complete));
        assertThat(deleted.get(60, TimeUnit.SECONDS)).isInstanceOf(CountOutcome.Refused.class);
        assertThat(publish(passing)).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(get(passing)).isInstanceOf(GetOutcome.Got.class);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        eventLoop.execute(() -> session.close(() -> closed.complete(true)));
        assertThat(closed.get(60, TimeUnit.SECONDS)).isTrue();
    }
}
