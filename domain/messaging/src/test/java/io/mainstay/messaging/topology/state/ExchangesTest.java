package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.autoDelete;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.bindExchange;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeleteExchange;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.Test;

import java.util.Objects;

class ExchangesTest {

    private final Machines topology = new Machines();

    @Test
    void eachVirtualHostStartsWithThePredeclaredExchanges() {
        topology.make(new PutVhost("shop", "the shop"));
        for (String vhost : new String[] {"/", "shop"}) {
            assertThat(Objects.requireNonNull(topology.view().vhost(vhost)).exchanges())
                    .extracting(ExchangeView::name, ExchangeView::type, ExchangeView::internal)
                    .extracting(Object::toString)
                    .containsExactly(
                            "(\"\", \"direct\", false)",
                            "(\"amq.direct\", \"direct\", false)",
                            "(\"amq.fanout\", \"fanout\", false)",
                            "(\"amq.headers\", \"headers\", false)",
                            "(\"amq.match\", \"headers\", false)",
                            "(\"amq.rabbitmq.trace\", \"topic\", true)",
                            "(\"amq.topic\", \"topic\", false)");
        }
    }

    @Test
    void declaringAgainAlikeChangesNothing() {
        assertThat(topology.change(exchange("e", "topic"))).isEqualTo(Done.CHANGED);
        long revision = topology.view().revision();
        assertThat(topology.change(exchange("e", "topic"))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.change(exchange("amq.topic", "topic"))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.view().revision()).isEqualTo(revision);
    }

    @Test
    void aDifferenceIsNamedInRabbitmqsWords() {
        topology.make(exchange("e", "fanout"));
        topology.assertRefused(
                exchange("e", "direct"),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'type' for exchange 'e' in vhost '/': received 'direct' but current is 'fanout'");
        topology.assertRefused(
                new DeclareExchange(VHOST, "e", "fanout", false, false, false, FieldTable.EMPTY),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'durable' for exchange 'e' in vhost '/': received 'false' but current is 'true'");
        topology.assertRefused(
                autoDelete("e", "fanout"),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'auto_delete' for exchange 'e' in vhost '/': received 'true' but current is 'false'");
        topology.assertRefused(
                new DeclareExchange(VHOST, "e", "fanout", true, false, true, FieldTable.EMPTY),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'internal' for exchange 'e' in vhost '/': received 'true' but current is 'false'");
        topology.assertRefused(
                exchange("e", "fanout", table("alternate-exchange", "other")),
                Reason.PRECONDITION_FAILED,
                "inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/': received the value 'other' of type 'longstr' but current is"
                        + " none");
        assertThat(topology.change(exchange("e", "fanout", table("other", 1))))
                .isEqualTo(Done.UNCHANGED);
    }

    @Test
    void typesNamesAndArgumentsAreChecked() {
        topology.assertRefused(
                exchange("e", "x"), Reason.COMMAND_INVALID, "unknown exchange type 'x'");
        topology.assertRefused(
                exchange("amq.mine", "direct"),
                Reason.ACCESS_REFUSED,
                "exchange name 'amq.mine' contains reserved prefix 'amq.*'");
        topology.assertRefused(
                exchange("", "direct"),
                Reason.ACCESS_REFUSED,
                "operation not permitted on the default exchange");
        topology.assertRefused(
                exchange("e", "direct", table("alternate-exchange", 1)),
                Reason.PRECONDITION_FAILED,
                "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'e' in vhost '/'");
        topology.assertRefused(
                exchange("e", "x-delayed-message"),
                Reason.PRECONDITION_FAILED,
                "Invalid argument, 'x-delayed-type' must be an existing exchange type");
        topology.assertRefused(
                exchange("e", "x-consistent-hash", table("hash-property", "reply_to")),
                Reason.PRECONDITION_FAILED,
                "Unsupported property: reply_to");
        topology.assertRefused(
                new DeclareExchange("no", "e", "direct", true, false, false, FieldTable.EMPTY),
                Reason.NOT_FOUND,
                "vhost 'no' not found");
    }

    @Test
    void aDelayedExchangeRoutesAsTheTypeThatItStandsFor() {
        topology.make(exchange("e", "x-delayed-message", table("x-delayed-type", "topic")));
        assertThat(topology.vhost().exchange("e"))
                .extracting("type", "routing", "delayed")
                .containsExactly("x-delayed-message", ExchangeView.Routing.TOPIC, true);
    }

    @Test
    void aDelayedExchangeHasAQueueOfItsOwnThatNoNameReaches() {
        topology.make(exchange("e", "x-delayed-message", table("x-delayed-type", "direct")));
        QueueView own = Objects.requireNonNull(topology.vhost().exchange("e")).delayQueue();
        assertThat(topology.vhost().delayQueues()).containsExactly(own);
        assertThat(topology.vhost().queues()).isEmpty();
        assertThat(topology.vhost().queue("e")).isNull();
        assertThat(topology.restored().vhost().delayQueues()).containsExactly(own);

        topology.make(new DeleteExchange(VHOST, "e", false));
        assertThat(topology.vhost().delayQueues()).isEmpty();
        topology.make(exchange("e", "x-delayed-message", table("x-delayed-type", "direct")));
        assertThat(topology.vhost().delayQueues())
                .extracting(QueueView::id)
                .doesNotContain(own.id());
    }

    @Test
    void deletingWhatIsNotThereIsNoErrorAndWhatIsUsedIsKeptIfAsked() {
        assertThat(topology.change(new DeleteExchange(VHOST, "e", true))).isEqualTo(Done.UNCHANGED);
        topology.make(exchange("e", "direct"));
        topology.make(declare("q"));
        topology.make(bind("e", "q", "k"));
        topology.assertRefused(
                new DeleteExchange(VHOST, "e", true),
                Reason.PRECONDITION_FAILED,
                "exchange 'e' in vhost '/' in use");
        assertThat(topology.change(new DeleteExchange(VHOST, "e", false))).isEqualTo(Done.CHANGED);
        assertThat(topology.vhost().bindings()).isEmpty();
        assertThat(topology.vhost().bindingsTo("q", false)).isEmpty();
    }

    @Test
    void whatTheBrokerKeepsForItselfCannotBeDeleted() {
        topology.assertRefused(
                new DeleteExchange(VHOST, "", false),
                Reason.ACCESS_REFUSED,
                "operation not permitted on the default exchange");
        topology.assertRefused(
                new DeleteExchange(VHOST, "amq.topic", false),
                Reason.ACCESS_REFUSED,
                "deletion of system exchange 'amq.topic' in vhost '/' not allowed");
    }

    @Test
    void anAutoDeleteExchangeGoesWithTheLastBindingThatLeavesIt() {
        topology.make(autoDelete("e", "direct"));
        topology.make(declare("q"));
        topology.make(bind("e", "q", "a"));
        topology.make(bind("e", "q", "b"));
        topology.make(new Unbind(VHOST, "e", "q", false, "a", FieldTable.EMPTY));
        assertThat(topology.vhost().exchange("e")).isNotNull();
        topology.make(new Unbind(VHOST, "e", "q", false, "b", FieldTable.EMPTY));
        assertThat(topology.vhost().exchange("e")).isNull();
    }

    @Test
    void aChainOfAutoDeleteExchangesGoesWithItsQueueHoweverLongItIs() {
        topology.make(declare("q"));
        int length = 20_000;
        for (int i = 0; i < length; i++) {
            topology.make(autoDelete("e" + i, "fanout"));
            topology.make(i == 0 ? bind("e0", "q", "") : bindExchange("e" + i, "e" + (i - 1), ""));
        }
        assertThat(topology.route("e" + (length - 1), "")).containsExactly("q");
        topology.make(new DeleteQueue(VHOST, "q", topology.queue("q").id()));
        assertThat(topology.vhost().exchanges()).hasSize(7);
        assertThat(topology.vhost().bindings()).isEmpty();
    }
}
