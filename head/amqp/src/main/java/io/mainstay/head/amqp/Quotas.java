package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.api.VhostView;

import java.util.HashMap;
import java.util.Map;

/// How many open connections and channels there are, of the node, of each virtual host and of each user, and whether there may be one more. A limit that is
/// lowered closes nothing. Thread-safe: one lock, which is held for some look-ups when a connection or a channel opens or closes.
final class Quotas {

    private final int maxConnections;
    private final Map<String, Integer> byVhost = new HashMap<>();
    private final Map<String, Integer> byUser = new HashMap<>();
    private final Map<String, Integer> channelsByUser = new HashMap<>();
    private int connections;

    /// @param maxConnections of the node
    Quotas(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    /// Counts one more connection; [#disconnected] takes it back.
    ///
    /// @throws AmqpException 530 if there may be no more; then nothing is counted
    synchronized void connecting(String user, VhostView vhost, TopologyView view)
            throws AmqpException {
        if (connections >= maxConnections) {
            throw notAllowed(
                    "connection refused: node connection limit (%s) is reached", maxConnections);
        }
        long ofVhost = vhost.most(VhostLimit.MAX_CONNECTIONS);
        if (byVhost.getOrDefault(vhost.name(), 0) >= ofVhost) {
            throw notAllowed(
                    "access to vhost '%s' refused for user '%s': connection limit (%s) is reached",
                    vhost.name(), user, ofVhost);
        }
        long ofUser = view.most(user, UserLimit.MAX_CONNECTIONS);
        if (byUser.getOrDefault(user, 0) >= ofUser) {
            throw notAllowed(
                    "connection refused for user '%s': user connection limit (%s) is reached",
                    user, ofUser);
        }
        connections++;
        add(byVhost, vhost.name(), 1);
        add(byUser, user, 1);
    }

    /// Its channels end by themselves.
    synchronized void disconnected(String user, String vhost) {
        connections--;
        add(byVhost, vhost, -1);
        add(byUser, user, -1);
    }

    /// @throws AmqpException 530 if there may be no more; then nothing is counted
    synchronized void openingChannel(String user, TopologyView view) throws AmqpException {
        long most = view.most(user, UserLimit.MAX_CHANNELS);
        if (channelsByUser.getOrDefault(user, 0) >= most) {
            throw notAllowed(
                    "number of channels opened for user '%s' has reached the maximum allowed user limit of (%s)",
                    user, most);
        }
        add(channelsByUser, user, 1);
    }

    synchronized void channelClosed(String user) {
        add(channelsByUser, user, -1);
    }

    /// Names without anything are not kept.
    private static void add(Map<String, Integer> counts, String name, int more) {
        counts.compute(
                name,
                (same, before) -> {
                    int now = (before == null ? 0 : before) + more;
                    return now == 0 ? null : now;
                });
    }

    private static AmqpException notAllowed(String sentence, Object... values) {
        return new AmqpException(ReplyCode.NOT_ALLOWED, sentence.formatted(values));
    }
}
