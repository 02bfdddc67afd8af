package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.exclusive;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class QueuesTest {

    private final Machines topology = new Machines();

    private static DeclareQueue transientQueue(String name) {
        return new DeclareQueue(VHOST, name, false, false, "", FieldTable.EMPTY);
    }

    @Test
    void theAnswerShowsTheQueueThatIsThereNow() {
        Done first = (Done) topology.change(declare("q"));
        assertThat(first.changed()).isTrue();
        assertThat(first.queue()).isEqualTo(topology.queue("q"));
        assertThat(topology.change(declare("q"))).isEqualTo(new Done(first.queue(), false));
    }

    @Test
    void aNumberIsNeverUsedAgain() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            topology.make(declare("q"));
            QueueView queue = topology.queue("q");
            assertThat(ids.add(queue.id())).isTrue();
            assertThat(topology.view().queue(queue.id())).isEqualTo(queue);
            topology.make(new DeleteQueue(VHOST, "q", queue.id()));
            assertThat(topology.view().queue(queue.id())).isNull();
        }
    }

    @Test
    void queuesOfOneEntryHaveDifferentNumbers() {
        TopologyMachine machine = new TopologyMachine(new SlotMap(8));
        for (int i = 0; i < 100; i++) {
            machine.apply(7, 0, new Make(declare("q" + i)));
        }
        machine.publish(7);
        Set<Long> ids = new HashSet<>();
        machine.view().vhost(VHOST).queues().forEach(queue -> ids.add(queue.id()));
        assertThat(ids).hasSize(100);
    }

    @Test
    void aQueueLiesInTheRaftGroupOfItsName() {
        SlotMap slots = new SlotMap(8);
        Set<Integer> groups = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            topology.make(declare("q" + i));
            int group = topology.queue("q" + i).group();
            assertThat(group).isEqualTo(slots.groupOf(VHOST, "q" + i));
            groups.add(group);
        }
        assertThat(groups).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void deletingMeansOneIncarnation() {
        topology.make(declare("q"));
        long first = topology.queue("q").id();
        topology.make(new DeleteQueue(VHOST, "q", first));
        topology.make(declare("q"));
        assertThat(topology.change(new DeleteQueue(VHOST, "q", first))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.vhost().queue("q")).isNotNull();
        assertThat(topology.change(new DeleteQueue(VHOST, "none", 1))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.change(new DeleteQueue("none", "q", 1))).isEqualTo(Done.UNCHANGED);
    }

    @Test
    void aQueueOfAnotherConnectionIsLocked() {
        topology.make(exclusive("q", "connection 1"));
        assertThat(topology.queue("q").durable()).isFalse();
        assertThat(topology.change(exclusive("q", "connection 1"))).isInstanceOf(Done.class);
        String locked =
                "cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the"
                        + " exclusive property value does not match that of the original declaration.";
        topology.assertRefused(exclusive("q", "connection 2"), Reason.RESOURCE_LOCKED, locked);
        topology.assertRefused(transientQueue("q"), Reason.RESOURCE_LOCKED, locked);
    }

    @Test
    void aDifferenceIsNamedInRabbitmqsWords() {
        topology.make(declare("q", table("x-message-ttl", 1000)));
        topology.assertRefused(
                new DeclareQueue(VHOST, "q", false, false, "", table("x-message-ttl", 1000)),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'");
        topology.assertRefused(
                new DeclareQueue(VHOST, "q", true, true, "", table("x-message-ttl", 1000)),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'auto_delete' for queue 'q' in vhost '/': received 'true' but current is 'false'");
        topology.assertRefused(
                declare("q", table("x-message-ttl", 2000L)),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/': received '2000' but current is '1000'");
        topology.assertRefused(
                declare("q"),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/': received none but current is the value '1000' of type 'signedint'");
        topology.assertRefused(
                declare("q", table("x-message-ttl", 1000).with("x-queue-type", "quorum")),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received 'quorum' but current is 'classic'");
    }

    @Test
    void ofSeveralDifferencesTheOneIsNamedThatRabbitmqNames() {
        FieldTable several =
                table("x-message-ttl", 1000)
                        .with("x-dead-letter-exchange", "e")
                        .with("x-max-length", 5);
        topology.make(declare("classic"));
        assertDifferenceNamed(declare("classic", several), "x-message-ttl");
        topology.make(declare("quorum", table("x-queue-type", "quorum")));
        assertDifferenceNamed(
                declare("quorum", several.with("x-queue-type", "quorum")),
                "x-dead-letter-exchange");
    }

    private void assertDifferenceNamed(DeclareQueue again, String argument) {
        assertThat(topology.change(again))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message())
                                        .startsWith("inequivalent arg '" + argument + "'"));
    }

    @Test
    void numbersAreComparedByValueAndUnknownArgumentsNotAtAll() {
        topology.make(declare("q", table("x-message-ttl", 1000)));
        assertThat(topology.change(declare("q", table("x-message-ttl", 1000L))))
                .isEqualTo(new Done(topology.queue("q"), false));
        assertThat(
                        topology.change(
                                declare(
                                        "q",
                                        table("x-message-ttl", (short) 1000)
                                                .with("x-mine", "?")
                                                .with("x-queue-type", "classic"))))
                .isEqualTo(new Done(topology.queue("q"), false));
    }

    @Test
    void aStartDeletesWhatWasNotToOutliveTheBroker() {
        topology.make(declare("durable"));
        topology.make(transientQueue("transient"));
        topology.make(exclusive("exclusive", "c"));
        topology.make(exchange("e", "direct"));
        topology.make(
                new DeclareExchange(VHOST, "t", "direct", false, false, false, FieldTable.EMPTY));
        topology.make(bind("e", "durable", "k"));
        topology.make(bind("e", "transient", "k"));
        topology.make(bind("t", "durable", "k"));
        topology.make(bind("amq.fanout", "exclusive", ""));
        assertThat(topology.apply(new Boot())).isEqualTo(Done.CHANGED);
        assertThat(topology.vhost().queues())
                .extracting(QueueView::name)
                .containsExactly("durable");
        assertThat(topology.vhost().exchange("t")).isNull();
        assertThat(topology.vhost().bindings()).hasSize(1);
        assertThat(topology.route("e", "k")).containsExactly("durable");
        assertThat(topology.apply(new Boot())).isEqualTo(Done.UNCHANGED);
    }

    @Test
    void theQueuesOfAConnectionGoWithItInEveryVirtualHost() {
        topology.make(new PutVhost("shop", ""));
        topology.make(exclusive("a", "c1"));
        topology.make(new DeclareQueue("shop", "b", false, false, "c1", FieldTable.EMPTY));
        topology.make(exclusive("other", "c2"));
        assertThat(topology.apply(new ConnectionClosed("c1"))).isEqualTo(Done.CHANGED);
        assertThat(topology.vhost().queues()).extracting(QueueView::name).containsExactly("other");
        assertThat(topology.view().vhost("shop").queues()).isEmpty();
        assertThat(topology.apply(new ConnectionClosed("c1"))).isEqualTo(Done.UNCHANGED);
    }

    @Test
    void aVirtualHostGoesWithEverythingInIt() {
        topology.make(new PutVhost("shop", ""));
        topology.make(new DeclareQueue("shop", "b", true, false, "", FieldTable.EMPTY));
        long id = topology.view().vhost("shop").queue("b").id();
        topology.make(new DeleteVhost("shop"));
        assertThat(topology.view().vhost("shop")).isNull();
        assertThat(topology.view().queue(id)).isNull();
        assertThat(topology.change(new DeleteVhost("shop"))).isEqualTo(Done.UNCHANGED);
        topology.make(new PutVhost("shop", ""));
        assertThat(topology.view().vhost("shop").queues()).isEmpty();
    }

    @Test
    void listenersHearOfEachChangeOnceAndOfNothingElse() {
        List<TopologyView> heard = new ArrayList<>();
        topology.machine.onChange(heard::add);
        topology.make(declare("q"));
        topology.make(declare("q"));
        assertThat(heard).containsExactly(topology.view());
        TopologyCommand both = new Make(declare("r"));
        topology.machine.apply(100, 0, both);
        topology.machine.apply(101, 0, new Make(declare("s")));
        topology.machine.publish(101);
        assertThat(heard).hasSize(2);
        assertThat(topology.view().revision()).isEqualTo(101);
    }

    @Test
    void anUnchangedVirtualHostIsTheSameObjectInTheNextView() {
        topology.make(new PutVhost("shop", ""));
        var before = topology.view().vhost("shop");
        topology.make(declare("q"));
        assertThat(topology.view().vhost("shop")).isSameAs(before);
    }
}
