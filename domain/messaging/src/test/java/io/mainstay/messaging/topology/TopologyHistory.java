package io.mainstay.messaging.topology;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteExchange;
import io.mainstay.messaging.api.TopologyChange.DeletePermission;
import io.mainstay.messaging.api.TopologyChange.DeletePolicy;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteTopicPermission;
import io.mainstay.messaging.api.TopologyChange.DeleteUserLimit;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.DeleteVhostLimit;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutPolicy;
import io.mainstay.messaging.api.TopologyChange.PutTopicPermission;
import io.mainstay.messaging.api.TopologyChange.PutUserLimit;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyChange.PutVhostLimit;
import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Commands drawn from few names, so that they meet; many are refused.
public final class TopologyHistory {

    private static final List<String> TYPES =
            List.of("direct", "fanout", "topic", "headers", "x-consistent-hash", "nonsense");
    private static final List<String> KEYS = List.of("", "a", "a.b", "*.b", "#", "3", "7");
    private static final List<FieldTable> TABLES =
            List.of(
                    FieldTable.EMPTY,
                    FieldTable.EMPTY,
                    FieldTable.EMPTY,
                    new FieldTable(Map.of("x-match", "any")).with("k", 1),
                    new FieldTable(Map.of("x-max-length", 5)),
                    new FieldTable(Map.of("x-queue-type", "quorum")),
                    new FieldTable(Map.of("alternate-exchange", "e1")));
    private static final List<FieldTable> DEFINITIONS =
            List.of(
                    new FieldTable(Map.of("max-length", 3)),
                    new FieldTable(Map.of("message-ttl", 1000)),
                    new FieldTable(Map.of("alternate-exchange", "e0")),
                    new FieldTable(Map.of("delivery-limit", 2)));

    private static final List<VhostLimit> VHOST_LIMITS = List.of(VhostLimit.values());
    private static final List<UserLimit> USER_LIMITS = List.of(UserLimit.values());

    private final RandomGenerator random;

    public TopologyHistory(RandomGenerator random) {
        this.random = random;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String numbered(String prefix, int of) {
        return prefix + random.nextInt(of);
    }

    private String vhost() {
        return random.nextInt(5) == 0 ? "shop" : "/";
    }

    private boolean rarely() {
        return random.nextInt(4) == 0;
    }

    /// @param queueId of a queue that may be there, for deletions
    public TopologyCommand next(long queueId) {
        return switch (random.nextInt(60)) {
            case 0 -> new Boot();
            case 1, 2 -> new ConnectionClosed(numbered("c", 3));
            default -> new Make(change(queueId));
        };
    }

    private TopologyChange change(long queueId) {
        return switch (random.nextInt(27)) {
            case 0, 1, 2, 3 ->
                    new DeclareExchange(
                            vhost(),
                            numbered("e", 5),
                            one(TYPES),
                            !rarely(),
                            rarely(),
                            rarely(),
                            one(TABLES));
            case 4 -> new DeleteExchange(vhost(), numbered("e", 5), random.nextBoolean());
            case 5, 6, 7, 8 ->
                    new DeclareQueue(
                            vhost(),
                            numbered("q", 6),
                            !rarely(),
                            rarely(),
                            rarely() ? numbered("c", 3) : "",
                            one(TABLES));
            case 9 -> new DeleteQueue(vhost(), numbered("q", 6), queueId);
            case 10, 11, 12, 13, 14 -> {
                boolean toExchange = rarely();
                yield new Bind(
                        vhost(),
                        numbered("e", 5),
                        toExchange ? numbered("e", 5) : numbered("q", 6),
                        toExchange,
                        one(KEYS),
                        one(TABLES));
            }
            case 15, 16 -> {
                boolean toExchange = rarely();
                yield new Unbind(
                        vhost(),
                        numbered("e", 5),
                        toExchange ? numbered("e", 5) : numbered("q", 6),
                        toExchange,
                        one(KEYS),
                        one(TABLES));
            }
            case 17 -> new PutVhost(vhost(), numbered("d", 2));
            case 18 ->
                    random.nextInt(6) == 0
                            ? new DeleteVhost("shop")
                            : new PutVhost("shop", numbered("d", 2));
            case 19 -> new PutPermission(numbered("u", 2), vhost(), "^q", ".*", numbered("e", 3));
            case 20 ->
                    random.nextBoolean()
                            ? new DeletePermission(numbered("u", 2), vhost())
                            : new DeleteTopicPermission(numbered("u", 2), vhost(), "");
            case 21 ->
                    new PutTopicPermission(numbered("u", 2), vhost(), numbered("e", 3), "a", "b");
            case 22 ->
                    new PutPolicy(
                            vhost(),
                            numbered("p", 3),
                            numbered("^[qe]", 3),
                            random.nextBoolean() ? "all" : "queues",
                            random.nextInt(3) - 1,
                            one(DEFINITIONS),
                            rarely());
            case 23 ->
                    rarely()
                            ? new DeleteVhostLimit(vhost(), one(VHOST_LIMITS))
                            : new PutVhostLimit(vhost(), one(VHOST_LIMITS), random.nextInt(6) - 1);
            case 24 ->
                    rarely()
                            ? new DeleteUserLimit(numbered("u", 2), one(USER_LIMITS))
                            : new PutUserLimit(
                                    numbered("u", 2), one(USER_LIMITS), random.nextInt(4) - 1);
            default -> new DeletePolicy(vhost(), numbered("p", 3), rarely());
        };
    }
}
