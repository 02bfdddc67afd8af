package io.mainstay.head.amqp;

import io.mainstay.access.api.Role;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.head.web.Principal;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.TopologyView.Operation;

/// What the user of a connection may do in its virtual host: asked of the present topology each time, so that a change of permissions counts at once.
///
/// Everything on a node without users. An ADMIN may do everything in a virtual host where it has no permission of its own.
final class Rights {

    /// RabbitMQ's name of the default exchange where permissions look at it.
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private final Topology topology;
    private final Principal user;
    private final boolean open;
    private final String vhost;

    /// @param open everything is allowed: a node without users
    Rights(Topology topology, Principal user, boolean open, String vhost) {
        this.topology = topology;
        this.user = user;
        this.open = open;
        this.vhost = vhost;
    }

    /// Whether the user may open the virtual host at all.
    boolean mayConnect() {
        TopologyView view = topology.view();
        return everything(view) || view.permission(user.name(), vhost) != null;
    }

    void queue(Operation operation, String name) throws AmqpException {
        need(operation, name, "queue '" + name + "'");
    }

    void exchange(Operation operation, String name) throws AmqpException {
        need(
                operation,
                name.isEmpty() ? DEFAULT_EXCHANGE : name,
                "exchange '" + (name.isEmpty() ? DEFAULT_EXCHANGE : name) + "'");
    }

    private void need(Operation operation, String resource, String shown) throws AmqpException {
        TopologyView view = topology.view();
        if (!everything(view) && !view.may(user.name(), vhost, operation, resource)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "%s access to %s in vhost '%s' refused for user '%s'"
                            .formatted(word(operation), shown, vhost, user.name()));
        }
    }

    /// Topic permissions: of topic exchanges only.
    void topic(Operation operation, ExchangeView exchange, String routingKey) throws AmqpException {
        if (exchange.routing() != ExchangeView.Routing.TOPIC) {
            return;
        }
        TopologyView view = topology.view();
        if (!everything(view)
                && !view.mayTopic(user.name(), vhost, exchange.name(), operation, routingKey)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "%s access to topic '%s' in exchange '%s' in vhost '%s' refused for user '%s'"
                            .formatted(
                                    word(operation),
                                    routingKey,
                                    exchange.name(),
                                    vhost,
                                    user.name()));
        }
    }

    private boolean everything(TopologyView view) {
        return open || (user.role() == Role.ADMIN && view.permission(user.name(), vhost) == null);
    }

    private static String word(Operation operation) {
        return switch (operation) {
            case CONFIGURE -> "configure";
            case WRITE -> "write";
            case READ -> "read";
        };
    }
}
