package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueSettings.Overflow;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeletePolicy;
import io.mainstay.messaging.api.TopologyChange.PutPolicy;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;
import io.mainstay.messaging.topology.rules.ChangeRules;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PoliciesTest {

    private final Machines topology = new Machines();

    private static PutPolicy policy(String name, String pattern, FieldTable definition) {
        return new PutPolicy(VHOST, name, pattern, "all", 0, definition, false);
    }

    private static PutPolicy operator(String name, FieldTable definition) {
        return new PutPolicy(VHOST, name, "", "queues", 0, definition, true);
    }

    private QueueSettings settings(String queue) {
        return topology.queue(queue).settings();
    }

    @Test
    void aPolicyChangesQueuesThatAreThereAndThoseThatCome() {
        topology.make(declare("orders.1"));
        topology.make(declare("other"));
        topology.make(policy("p", "^orders", table("max-length", 5)));
        topology.make(declare("orders.2"));
        for (String name : new String[] {"orders.1", "orders.2"}) {
            assertThat(settings(name).maxLength()).isEqualTo(5);
            assertThat(topology.queue(name).policy()).isEqualTo("p");
            assertThat(topology.view().queue(topology.queue(name).id()))
                    .isEqualTo(topology.queue(name));
        }
        assertThat(topology.queue("other").settings()).isEqualTo(QueueSettings.DEFAULT);
        topology.make(new DeletePolicy(VHOST, "p", false));
        assertThat(topology.queue("orders.1").settings()).isEqualTo(QueueSettings.DEFAULT);
        assertThat(topology.queue("orders.1").policy()).isEmpty();
    }

    @Test
    void routesLeadToTheQueueAsItIsNow() {
        topology.make(declare("q"));
        topology.make(exchange("h", "headers"));
        topology.make(exchange("c", "x-consistent-hash"));
        topology.make(bind("amq.direct", "q", "k"));
        topology.make(bind("amq.fanout", "q", "k"));
        topology.make(bind("amq.topic", "q", "k.#"));
        topology.make(bind("h", "q", ""));
        topology.make(bind("c", "q", "1"));
        topology.make(policy("p", "", table("max-length", 5)));
        for (String name : new String[] {"amq.direct", "amq.fanout", "amq.topic", "h", "c", ""}) {
            List<QueueView> into = new ArrayList<>();
            topology.vhost()
                    .route(
                            topology.vhost().exchange(name),
                            name.isEmpty() ? "q" : "k",
                            () -> FieldTable.EMPTY,
                            into);
            assertThat(into).as(name).containsExactly(topology.queue("q"));
        }
    }

    @Test
    void theHighestPriorityWinsAndOfEqualsTheFirstName() {
        topology.make(declare("q"));
        topology.make(policy("b", "q", table("max-length", 1)));
        topology.make(policy("a", "q", table("max-length", 2)));
        assertThat(topology.queue("q").policy()).isEqualTo("a");
        topology.make(new PutPolicy(VHOST, "c", "q", "queues", 9, table("message-ttl", 3), false));
        assertThat(topology.queue("q").policy()).isEqualTo("c");
        assertThat(settings("q").maxLength()).isEqualTo(QueueSettings.NONE);
        assertThat(settings("q").messageTtlMs()).isEqualTo(3);
    }

    @Test
    void aPolicyIsForWhatItSays() {
        topology.make(declare("classic"));
        topology.make(declare("quorum", table("x-queue-type", "quorum")));
        topology.make(declare("stream", table("x-queue-type", "stream")));
        topology.make(exchange("x", "direct"));
        FieldTable bytes = table("max-length-bytes", 7);
        for (String applyTo :
                new String[] {
                    "all", "queues", "exchanges", "classic_queues", "quorum_queues", "streams"
                }) {
            topology.make(new PutPolicy(VHOST, "p", "", applyTo, 0, bytes, false));
            boolean all = applyTo.equals("all");
            boolean queues = all || applyTo.equals("queues");
            assertThat(topology.queue("classic").policy().equals("p"))
                    .isEqualTo(queues || applyTo.equals("classic_queues"));
            assertThat(topology.queue("quorum").policy().equals("p"))
                    .isEqualTo(queues || applyTo.equals("quorum_queues"));
            assertThat(topology.queue("stream").policy().equals("p"))
                    .isEqualTo(queues || applyTo.equals("streams"));
            assertThat(topology.vhost().exchange("x").policy().equals("p"))
                    .isEqualTo(all || applyTo.equals("exchanges"));
        }
    }

    @Test
    void aPolicyThatSpeaksOfWhatATypeDoesNotKnowIsNotForThatType() {
        topology.make(declare("classic"));
        topology.make(declare("quorum", table("x-queue-type", "quorum")));
        topology.make(policy("p", "", table("delivery-limit", 3).with("max-length", 4)));
        assertThat(topology.queue("classic").policy()).isEmpty();
        assertThat(settings("classic").maxLength()).isEqualTo(QueueSettings.NONE);
        assertThat(settings("quorum").deliveryLimit()).isEqualTo(3);
    }

    @Test
    void ofTwoLimitsTheLowerOneCounts() {
        topology.make(declare("q", table("x-message-ttl", 100).with("x-max-length", 10)));
        topology.make(policy("p", "", table("message-ttl", 50).with("max-length", 20)));
        assertThat(settings("q").messageTtlMs()).isEqualTo(50);
        assertThat(settings("q").maxLength()).isEqualTo(10);
        topology.make(operator("o", table("max-length", 5).with("expires", 1000)));
        assertThat(settings("q").maxLength()).isEqualTo(5);
        assertThat(settings("q").expiresMs()).isEqualTo(1000);
        assertThat(topology.queue("q").operatorPolicy()).isEqualTo("o");
    }

    @Test
    void ofOtherSettingsTheArgumentCounts() {
        topology.make(
                declare(
                        "q",
                        table("x-dead-letter-exchange", "mine")
                                .with("x-overflow", "reject-publish")));
        topology.make(
                policy(
                        "p",
                        "",
                        table("dead-letter-exchange", "theirs")
                                .with("dead-letter-routing-key", "k")
                                .with("overflow", "reject-publish-dlx")));
        assertThat(settings("q").deadLetterExchange()).isEqualTo("mine");
        assertThat(settings("q").deadLetterRoutingKey()).isEqualTo("k");
        assertThat(settings("q").overflow()).isEqualTo(Overflow.REJECT_PUBLISH);
    }

    @Test
    void whatHappensAtTheLimitOfAQuorumQueueIsThePolicysWord() {
        topology.make(
                declare("q", table("x-queue-type", "quorum").with("x-overflow", "drop-head")));
        topology.make(policy("p", "", table("overflow", "reject-publish")));
        assertThat(settings("q").overflow()).isEqualTo(Overflow.REJECT_PUBLISH);
    }

    @Test
    void quorumQueuesDeliverTwentyTimesUnlessTheyAreToldOtherwise() {
        FieldTable quorum = table("x-queue-type", "quorum");
        topology.make(declare("default", quorum));
        topology.make(declare("five", quorum.with("x-delivery-limit", 5)));
        topology.make(declare("unlimited", quorum.with("x-delivery-limit", -1)));
        topology.make(declare("classic"));
        assertThat(settings("default").deliveryLimit()).isEqualTo(20);
        assertThat(settings("five").deliveryLimit()).isEqualTo(5);
        assertThat(settings("unlimited").deliveryLimit()).isEqualTo(QueueSettings.NONE);
        assertThat(settings("classic").deliveryLimit()).isEqualTo(QueueSettings.NONE);
        topology.make(operator("o", table("delivery-limit", 3)));
        assertThat(settings("unlimited").deliveryLimit()).isEqualTo(3);
        assertThat(settings("five").deliveryLimit()).isEqualTo(3);
    }

    @Test
    void argumentsBecomeSettings() {
        topology.make(
                declare(
                        "q",
                        table("x-max-priority", 7)
                                .with("x-single-active-consumer", true)
                                .with("x-consumer-timeout", 60_000)
                                .with("x-max-length-bytes", 1L << 40)));
        assertThat(settings("q").maxPriority()).isEqualTo(7);
        assertThat(settings("q").singleActiveConsumer()).isTrue();
        assertThat(settings("q").consumerTimeoutMs()).isEqualTo(60_000);
        assertThat(settings("q").maxBytes()).isEqualTo(1L << 40);
        topology.make(declare("s", table("x-queue-type", "stream").with("x-max-age", "2h")));
        assertThat(settings("s").maxAgeMs()).isEqualTo(7_200_000);
        topology.make(policy("p", "^s$", table("max-age", "3h")));
        assertThat(settings("s").maxAgeMs()).isEqualTo(10_800_000);
    }

    @Test
    void anAlternateExchangeComesFromTheArgumentOrThePolicy() {
        topology.make(exchange("a", "direct"));
        topology.make(exchange("b", "direct", table("alternate-exchange", "mine")));
        topology.make(declare("q"));
        topology.make(bind("amq.fanout", "q", ""));
        topology.make(policy("p", "^[ab]$", table("alternate-exchange", "amq.fanout")));
        assertThat(topology.vhost().exchange("a").alternate()).isEqualTo("amq.fanout");
        assertThat(topology.vhost().exchange("b").alternate()).isEqualTo("mine");
        assertThat(topology.route("a", "k")).containsExactly("q");
        topology.make(new DeletePolicy(VHOST, "p", false));
        assertThat(topology.route("a", "k")).isEmpty();
    }

    @Test
    void policiesAreShownPutAgainAndDeleted() {
        PutPolicy policy = policy("p", "", table("max-length", 1));
        assertThat(topology.change(policy)).isEqualTo(Done.CHANGED);
        assertThat(topology.change(policy)).isEqualTo(Done.UNCHANGED);
        topology.make(operator("p", table("max-length", 2)));
        assertThat(topology.vhost().policies()).hasSize(2);
        assertThat(topology.change(new DeletePolicy(VHOST, "p", true))).isEqualTo(Done.CHANGED);
        assertThat(topology.change(new DeletePolicy(VHOST, "p", true))).isEqualTo(Done.UNCHANGED);
        assertThat(topology.vhost().policies()).hasSize(1);
    }

    private static void assertWrong(PutPolicy policy, String message) {
        assertThat(ChangeRules.refusal(policy))
                .isEqualTo(new Refused(Reason.PRECONDITION_FAILED, message));
    }

    @Test
    void definitionsAreChecked() {
        assertWrong(
                policy("p", "", table("max-lenght", 1)),
                "[{<<\"max-lenght\">>,1}] are not recognised policy settings");
        assertWrong(
                policy("p", "", table("max-length", "1")),
                "<<\"1\">> is not a valid maximum length");
        assertWrong(policy("p", "", table("expires", 0)), "0 is not a valid queue expiry");
        assertWrong(policy("p", "", FieldTable.EMPTY), "no policy provided");
        assertWrong(
                policy("p", "(", table("expires", 1)),
                "'(' is no regular expression: Unclosed group at 1");
        assertWrong(
                operator("p", table("dead-letter-exchange", "x")),
                "[{<<\"dead-letter-exchange\">>,<<\"x\">>}] are not recognised policy settings");
        assertWrong(
                new PutPolicy(VHOST, "p", "", "some", 0, table("expires", 1), false),
                "apply-to 'some' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues', 'streams', 'exchanges', or 'all'");
        assertThat(ChangeRules.refusal(policy("p", "", table("ha-mode", "all")))).isNull();
    }
}
