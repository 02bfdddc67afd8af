package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;

/// The class exchange. Event loop only.
final class ExchangeMethods {

    private final AmqpChannel channel;

    ExchangeMethods(AmqpChannel channel) {
        this.channel = channel;
    }

    void declare(Method.ExchangeDeclare declare) throws AmqpException {
        String name = Names.clean(declare.exchange());
        VhostView vhost = channel.connection().vhost();
        if (declare.passive()) {
            Names.notDefault(name);
            Names.exchange(vhost, name);
            ok(declare.noWait(), MethodId.EXCHANGE_DECLARE_OK);
            return;
        }
        Names.notDefault(name);
        Rights rights = channel.connection().rights();
        rights.exchange(Operation.CONFIGURE, name);
        if (declare.arguments().get("alternate-exchange") instanceof String alternate) {
            rights.exchange(Operation.READ, name);
            rights.exchange(Operation.WRITE, alternate);
        }
        if (vhost.exchange(name) == null) {
            Names.notReserved("exchange", name);
        }
        channel.change(
                MethodId.EXCHANGE_DECLARE,
                new TopologyChange.DeclareExchange(
                        vhost.name(),
                        name,
                        declare.type(),
                        declare.durable(),
                        declare.autoDelete(),
                        declare.internal(),
                        declare.arguments()),
                done -> ok(declare.noWait(), MethodId.EXCHANGE_DECLARE_OK));
    }

    void delete(Method.ExchangeDelete delete) throws AmqpException {
        String name = Names.clean(delete.exchange());
        Names.notDefault(name);
        VhostView vhost = channel.connection().vhost();
        Names.notSystem(vhost, name);
        channel.connection().rights().exchange(Operation.CONFIGURE, name);
        if (vhost.exchange(name) == null) {
            ok(delete.noWait(), MethodId.EXCHANGE_DELETE_OK);
            return;
        }
        channel.change(
                MethodId.EXCHANGE_DELETE,
                new TopologyChange.DeleteExchange(vhost.name(), name, delete.ifUnused()),
                done -> ok(delete.noWait(), MethodId.EXCHANGE_DELETE_OK));
    }

    void bind(Method.ExchangeBind bind) throws AmqpException {
        String vhost = checked(bind.destination(), bind.source(), bind.routingKey());
        channel.change(
                MethodId.EXCHANGE_BIND,
                new TopologyChange.Bind(
                        vhost,
                        bind.source(),
                        bind.destination(),
                        true,
                        bind.routingKey(),
                        bind.arguments()),
                done -> ok(bind.noWait(), MethodId.EXCHANGE_BIND_OK));
    }

    /// What is not bound, or not there at all, is unbound, as with queues.
    void unbind(Method.ExchangeUnbind unbind) throws AmqpException {
        VhostView vhost = channel.connection().vhost();
        ExchangeView source = vhost.exchange(unbind.source());
        Rights rights = mayBind(unbind.destination(), unbind.source());
        if (source != null && vhost.exchange(unbind.destination()) != null) {
            rights.topic(Operation.READ, source, unbind.routingKey());
        }
        channel.change(
                MethodId.EXCHANGE_UNBIND,
                new TopologyChange.Unbind(
                        vhost.name(),
                        unbind.source(),
                        unbind.destination(),
                        true,
                        unbind.routingKey(),
                        unbind.arguments()),
                done -> ok(unbind.noWait(), MethodId.EXCHANGE_UNBIND_OK));
    }

    /// @return the virtual host
    private String checked(String destination, String source, String routingKey)
            throws AmqpException {
        Rights rights = mayBind(destination, source);
        VhostView vhost = channel.connection().vhost();
        ExchangeView exchange = Names.exchange(vhost, source);
        Names.exchange(vhost, destination);
        rights.topic(Operation.READ, exchange, routingKey);
        return vhost.name();
    }

    private Rights mayBind(String destination, String source) throws AmqpException {
        Names.notDefault(destination);
        Names.notDefault(source);
        Rights rights = channel.connection().rights();
        rights.exchange(Operation.WRITE, destination);
        rights.exchange(Operation.READ, source);
        return rights;
    }

    private void ok(boolean noWait, int id) {
        if (!noWait) {
            channel.out().bare(channel.number(), id);
        }
    }
}
