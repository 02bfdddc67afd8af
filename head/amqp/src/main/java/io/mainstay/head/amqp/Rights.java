package io.mainstay.head.amqp;

import io.mainstay.access.api.Role;
import io.mainstay.access.api.UserTags;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Principal;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.TopologyView.Operation;

import org.jspecify.annotations.Nullable;

/// What the user of a connection may do in its virtual host: asked of the present topology and the present users each time, so that a change of permissions,
/// of a role or of tags counts at once. Event loop only.
///
/// Everything on a node without users. An ADMIN may do everything in a virtual host where it has no permission of its own.
final class Rights {

    /// RabbitMQ's name of the default exchange where permissions look at it.
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private final Topology topology;
    private final Authenticator users;
    private final Principal entered;
    private final String vhost;

    /// Of the users that are looked at below.
    private long revision = -1;

    /// Who the user is now, `null`: removed.
    private @Nullable Principal user;

    /// Whether there are no users.
    private boolean open;

    /// @param entered who opened the connection
    Rights(Topology topology, Authenticator users, Principal entered, String vhost) {
        this.topology = topology;
        this.users = users;
        this.entered = entered;
        this.vhost = vhost;
    }

    private @Nullable Principal user() {
        long present = users.revision();
        if (present != revision) {
            revision = present;
            open = !users.required();
            user = users.now(entered);
        }
        return user;
    }

    boolean userIsThere() {
        return user() != null;
    }

    /// Whether the user may publish in the name of others.
    boolean mayImpersonate() {
        Principal present = user();
        return present != null && present.tags().contains(UserTags.IMPERSONATOR);
    }

    /// Whether the user may open the virtual host at all.
    boolean mayConnect() {
        TopologyView view = topology.view();
        return everything(view)
                || (userIsThere() && view.permission(entered.name(), vhost) != null);
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
        if (!everything(view)
                && !(userIsThere() && view.may(entered.name(), vhost, operation, resource))) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "%s access to %s in vhost '%s' refused for user '%s'"
                            .formatted(word(operation), shown, vhost, entered.name()));
        }
    }

    /// Topic permissions: of topic exchanges only.
    void topic(Operation operation, ExchangeView exchange, String routingKey) throws AmqpException {
        if (exchange.routing() != ExchangeView.Routing.TOPIC) {
            return;
        }
        TopologyView view = topology.view();
        if (!everything(view)
                && !view.mayTopic(entered.name(), vhost, exchange.name(), operation, routingKey)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "%s access to topic '%s' in exchange '%s' in vhost '%s' refused for user '%s'"
                            .formatted(
                                    word(operation),
                                    routingKey,
                                    exchange.name(),
                                    vhost,
                                    entered.name()));
        }
    }

    private boolean everything(TopologyView view) {
        Principal present = user();
        return present != null
                && (open
                        || (present.role() == Role.ADMIN
                                && view.permission(present.name(), vhost) == null));
    }

    private static String word(Operation operation) {
        return switch (operation) {
            case CONFIGURE -> "configure";
            case WRITE -> "write";
            case READ -> "read";
        };
    }
}
