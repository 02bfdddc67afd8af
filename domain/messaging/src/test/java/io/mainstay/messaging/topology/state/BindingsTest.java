package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.bindExchange;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BindingsTest {

    private final Machines topology = new Machines();

    @BeforeEach
    void declareBoth() {
        topology.make(exchange("e", "direct"));
        topology.make(declare("q"));
    }

    @Test
    void theSameBindingIsThereOnce() {
        assertThat(topology.change(bind("e", "q", "k"))).isEqualTo(Done.CHANGED);
        assertThat(topology.change(bind("e", "q", "k"))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.change(bind("e", "q", "k", table("a", 1)))).isEqualTo(Done.CHANGED);
        assertThat(topology.vhost().bindings()).hasSize(2);
        assertThat(topology.route("e", "k")).containsExactly("q");
    }

    @Test
    void bothEndsMustBeThere() {
        topology.assertRefused(
                bind("none", "nor this", "k"), Reason.NOT_FOUND, "no exchange 'none' in vhost '/'");
        topology.assertRefused(
                bind("e", "none", "k"), Reason.NOT_FOUND, "no queue 'none' in vhost '/'");
        topology.assertRefused(
                bindExchange("e", "none", "k"),
                Reason.NOT_FOUND,
                "no exchange 'none' in vhost '/'");
    }

    @Test
    void nothingIsBoundToTheDefaultExchange() {
        String not = "operation not permitted on the default exchange";
        topology.assertRefused(bind("", "q", "k"), Reason.ACCESS_REFUSED, not);
        topology.assertRefused(bindExchange("e", "", "k"), Reason.ACCESS_REFUSED, not);
        topology.assertRefused(
                new Unbind(VHOST, "", "q", false, "q", FieldTable.EMPTY),
                Reason.ACCESS_REFUSED,
                not);
    }

    @Test
    void removingWhatIsNotThereIsNoError() {
        topology.make(bind("e", "q", "k"));
        assertThat(topology.change(new Unbind(VHOST, "e", "q", false, "other", FieldTable.EMPTY)))
                .isEqualTo(Done.UNCHANGED);
        assertThat(topology.change(new Unbind(VHOST, "e", "q", false, "k", table("a", 1))))
                .isEqualTo(Done.UNCHANGED);
        assertThat(topology.change(new Unbind(VHOST, "e", "q", false, "k", FieldTable.EMPTY)))
                .isEqualTo(Done.CHANGED);
        assertThat(topology.route("e", "k")).isEmpty();
    }

    @Test
    void whatAnExchangeCannotUseAsABindingIsRefused() {
        topology.make(exchange("h", "headers"));
        topology.make(exchange("c", "x-consistent-hash"));
        topology.assertRefused(
                bind("h", "q", "", table("x-match", "some")),
                Reason.PRECONDITION_FAILED,
                "Invalid x-match field value <<\"some\">>; expected all, any, all-with-x, or any-with-x");
        topology.assertRefused(
                bind("h", "q", "", table("x-match", 1)),
                Reason.PRECONDITION_FAILED,
                "Invalid x-match field type signedint (value 1); expected longstr");
        topology.assertRefused(
                bind("c", "q", "many"),
                Reason.PRECONDITION_FAILED,
                "The binding key must be an integer: <<\"many\">>");
        topology.assertRefused(
                bind("c", "q", "0"),
                Reason.PRECONDITION_FAILED,
                "The binding key must be greater than 0");
        topology.assertRefused(
                bind("c", "q", "10001"),
                Reason.PRECONDITION_FAILED,
                "The binding key must not exceed 10000");
        topology.make(bind("c", "q", "10000"));
    }

    @Test
    void bindingsAreShownFromBothEndsInTheOrderOfTheirDeclaration() {
        topology.make(bind("e", "q", "b"));
        topology.make(bind("e", "q", "a"));
        topology.make(bind("amq.topic", "q", "#"));
        topology.make(bindExchange("e", "amq.topic", "x"));
        assertThat(topology.vhost().bindingsFrom("e"))
                .extracting(BindingView::routingKey)
                .containsExactly("b", "a", "x");
        assertThat(topology.vhost().bindingsTo("q", false))
                .extracting(BindingView::routingKey)
                .containsExactly("#", "b", "a");
        assertThat(topology.vhost().bindingsTo("amq.topic", true)).hasSize(1);
        assertThat(topology.vhost().bindings()).hasSize(4);
        assertThat(topology.vhost().bindingsFrom("")).isEmpty();
    }

    @Test
    void aBindingHasAKeyOfItsOwnForUrls() {
        topology.make(bind("e", "q", ""));
        topology.make(bind("e", "q", "a b/#~"));
        topology.make(bind("e", "q", "", table("a", 1)));
        topology.make(bind("e", "q", "", table("a", 2)));
        assertThat(topology.vhost().bindingsFrom("e"))
                .extracting(BindingView::propertiesKey)
                .doesNotHaveDuplicates()
                .contains("~", "a+b%2F%23%7E")
                .allMatch(key -> key.matches("[A-Za-z0-9+%_.~-]+"));
    }
}
