package io.mainstay.messaging.topology.rules;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exclusive;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutTopicPermission;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;

import org.junit.jupiter.api.Test;

class QueueRulesTest {

    private static void assertGood(FieldTable arguments) {
        assertThat(ChangeRules.refusal(declare("q", arguments))).isNull();
    }

    private static void assertWrong(TopologyChange change, String message) {
        assertThat(ChangeRules.refusal(change))
                .isEqualTo(new Refused(Reason.PRECONDITION_FAILED, message));
    }

    private static void assertInvalid(FieldTable arguments, String argument, String why) {
        assertWrong(
                declare("q", arguments),
                "invalid arg '" + argument + "' for queue 'q' in vhost '/': " + why);
    }

    private static void assertInvalid(String argument, Object value, String why) {
        assertInvalid(table(argument, value), argument, why);
    }

    @Test
    void limitsAreWholeNumbersInRange() {
        assertInvalid("x-expires", 0, "{value_zero,0}");
        assertInvalid("x-expires", -1, "{value_negative,-1}");
        assertInvalid("x-expires", 315_360_000_001L, "{value_too_large,315360000001}");
        assertInvalid("x-expires", "5", "\"expected integer, got longstr\"");
        assertInvalid("x-message-ttl", -1L, "{value_negative,-1}");
        assertInvalid("x-message-ttl", 1.5, "\"expected integer, got double\"");
        assertInvalid("x-max-length", -1, "{value_negative,-1}");
        assertInvalid("x-max-length-bytes", true, "\"expected integer, got bool\"");
        assertInvalid("x-max-priority", 256, "{max_value_exceeded,256}");
        assertInvalid("x-max-priority", -1, "{value_negative,-1}");
        assertGood(table("x-message-ttl", 0));
        assertGood(table("x-expires", new FieldValue.UnsignedInt(1)));
        assertGood(table("x-max-length", (byte) 0).with("x-max-length-bytes", (short) 1));
        assertGood(table("x-max-priority", 255));
    }

    @Test
    void textsAreOneOfThoseThatAreKnown() {
        assertInvalid("x-overflow", "drop-tail", "invalid_overflow");
        assertInvalid("x-overflow", 1, "{unacceptable_type,signedint}");
        assertInvalid("x-queue-leader-locator", "there", "invalid_queue_locator_arg");
        assertInvalid("x-single-active-consumer", "true", "{unacceptable_type,longstr}");
        assertInvalid("x-queue-type", "lazy", "\"unsupported queue type 'lazy'\"");
        assertInvalid("x-queue-type", 1, "{unacceptable_type,signedint}");
        assertGood(table("x-overflow", "reject-publish-dlx"));
        assertGood(table("x-queue-type", ""));
    }

    @Test
    void aModeIsOneOfTwo() {
        assertGood(table("x-queue-mode", "lazy"));
        assertInvalid("x-queue-mode", "quick", "\"unsupported queue mode 'quick'\"");
        assertInvalid("x-queue-mode", 7, "{unacceptable_type,signedint}");
    }

    @Test
    void aDeadLetterKeyNeedsAnExchange() {
        assertInvalid("x-dead-letter-routing-key", "k", "routing_key_but_no_dlx_defined");
        assertWrong(
                declare("q", table("x-dead-letter-exchange", 1)),
                "invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'");
        assertGood(table("x-dead-letter-exchange", "").with("x-dead-letter-routing-key", "k"));
    }

    @Test
    void anAgeIsANumberWithAUnit() {
        FieldTable stream = table("x-queue-type", "stream");
        assertGood(stream.with("x-max-age", "1h"));
        for (String bad : new String[] {"", "h", "0s", "1w", "1 h", "99999999999Y"}) {
            assertInvalid(stream.with("x-max-age", bad), "x-max-age", "invalid_max_age");
        }
        assertThat(MaxAge.ms("1Y")).isEqualTo(365L * 86_400_000);
        assertThat(MaxAge.ms("2M")).isEqualTo(60L * 86_400_000);
        assertThat(MaxAge.ms("3m")).isEqualTo(180_000);
    }

    @Test
    void whatOnlyAnotherTypeTakesIsRefused() {
        assertWrong(
                declare("q", table("x-max-age", "1h")),
                "invalid arg 'x-max-age' for queue 'q' in vhost '/' of queue type rabbit_classic_queue");
        assertWrong(
                declare("q", table("x-delivery-limit", 5)),
                "invalid arg 'x-delivery-limit' for queue 'q' in vhost '/' of queue type rabbit_classic_queue");
        assertWrong(
                declare("q", table("x-max-priority", 5).with("x-queue-type", "quorum")),
                "invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue");
        assertWrong(
                declare("q", table("x-message-ttl", 5).with("x-queue-type", "stream")),
                "invalid arg 'x-message-ttl' for queue 'q' in vhost '/' of queue type rabbit_stream_queue");
        assertGood(table("x-mine", "anything").with("x-queue-mode", "lazy"));
    }

    @Test
    void quorumQueuesAndStreamsAreDurableAndBelongToNobody() {
        for (String type : new String[] {"quorum", "stream"}) {
            FieldTable arguments = table("x-queue-type", type);
            assertGood(arguments);
            assertWrong(
                    new DeclareQueue(VHOST, "q", false, false, "", arguments),
                    "invalid property 'non-durable' for queue 'q' in vhost '/'");
            assertWrong(
                    new DeclareQueue(VHOST, "q", true, true, "", arguments),
                    "invalid property 'auto-delete' for queue 'q' in vhost '/'");
            assertWrong(
                    new DeclareQueue(VHOST, "q", true, false, "c", arguments),
                    "invalid property 'exclusive-owner' for queue 'q' in vhost '/'");
        }
        assertThat(ChangeRules.refusal(exclusive("q", "c"))).isNull();
    }

    @Test
    void sizesOfStreamsHaveBounds() {
        FieldTable stream = table("x-queue-type", "stream");
        assertWrong(
                declare("q", stream.with("x-stream-max-segment-size-bytes", 3_000_000_001L)),
                "Exceeded max value for x-stream-max-segment-size-bytes");
        assertWrong(
                declare("q", stream.with("x-stream-filter-size-bytes", 15)),
                "Invalid value for x-stream-filter-size-bytes");
    }

    @Test
    void namesTablesAndPatternsHaveBounds() {
        String longName = "ä".repeat(128);
        assertWrong(declare(longName), "a name or key has at most 255 bytes, not 256");
        assertThat(ChangeRules.refusal(declare("ä".repeat(127)))).isNull();
        assertWrong(declare(""), "a queue needs a name");
        assertWrong(
                new Bind(VHOST, "e", "q", false, "k", table("a", "x".repeat(70_000))),
                "arguments have at most 65,536 bytes, not 70,011");
        assertWrong(
                declare("q", table("x".repeat(300), 1)),
                "arguments: a short string has 300 bytes, allowed: 255");
        assertWrong(
                new PutPermission("u", VHOST, "(", ".*", ".*"),
                "'(' is no regular expression: Unclosed group at 1");
        assertWrong(
                new PutPermission("u", VHOST, ".*", ".*", "x".repeat(1025)),
                "a regular expression has at most 1024 characters, not 1025");
        assertThat(
                        ChangeRules.refusal(
                                new PutTopicPermission("u", VHOST, "e", "^{username}", "{vhost}")))
                .isNull();
    }

    @Test
    void aPatternThatReadsTooMuchCountsAsNotFound() {
        assertThat(GuardedPattern.of("(a+)+$").isFoundIn("a".repeat(200) + "b")).isFalse();
        assertThat(GuardedPattern.of("(a|aa)+c").isFoundIn("a".repeat(250))).isFalse();
        assertThat(GuardedPattern.of("^(?:ord|pay).*\\.(in|out)$").isFoundIn("orders.in")).isTrue();
        assertThat(GuardedPattern.of("rd").isFoundIn("orders")).isTrue();
        assertThat(GuardedPattern.of("(").isFoundIn("(")).isFalse();
        assertThat(GuardedPattern.wrong("(".repeat(512) + ")".repeat(512))).isNull();
    }

    @Test
    void expressionsOfRabbitmqMeanTheSame() {
        assertThat(GuardedPattern.of("^{client_id}$").isFoundIn("{client_id}")).isTrue();
        assertThat(GuardedPattern.of("^a{2,3}$").isFoundIn("aaa")).isTrue();
        assertThat(GuardedPattern.of("^a{2}\\{$").isFoundIn("aa{")).isTrue();
        assertThat(GuardedPattern.of("^[[:alpha:]_]+$").isFoundIn("ab_c")).isTrue();
        assertThat(GuardedPattern.of("^[[:xdigit:]]+$").isFoundIn("0aF")).isTrue();
        assertThat(GuardedPattern.of("^\\p{L}+$").isFoundIn("äb")).isTrue();
        assertThat(GuardedPattern.of("^(?!amq\\.).*").isFoundIn("amq.x")).isFalse();
    }
}
