package io.mainstay.server.node;

import io.mainstay.head.amqp.AmqpHead;
import io.mainstay.head.amqp.AmqpHeadConfig;
import io.mainstay.head.rabbitmq.NodeFacts;
import io.mainstay.head.rabbitmq.RabbitHead;
import io.mainstay.head.rabbitmq.RabbitHeadConfig;
import io.mainstay.head.rabbitmq.RabbitMetricsHead;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.server.command.VersionCommand;
import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// The heads where RabbitMQ's clients and tools look.
///
/// @param config of the node
/// @param bound told of each port that is listened on
record MessagingHeads(
        NodeConfig config,
        Core core,
        ResourceAlarm alarm,
        Authenticator authenticator,
        Supplier<String> adminUrl,
        Vertx vertx,
        BiFunction<Head, Integer, WebServerConfig> web,
        BiConsumer<Head, Integer> bound,
        Parts parts) {

    /// The version that clients and tools are told, as they choose their ways by it: the last line of RabbitMQ that had every classic feature.
    private static final String RABBIT_VERSION = "3.13.7";

    /// A real export of definitions is large.
    private static final int MANAGEMENT_BODY_BYTES = 32 << 20;

    /// For the admin API, whether the heads here listen or not.
    NodeDefinitions definitions() {
        return NodeDefinitions.of(management(List.of()), core);
    }

    void start() throws IOException {
        List<NodeFacts.Listener> listeners = new CopyOnWriteArrayList<>();
        if (config.head(Head.AMQP).enabled()) {
            AmqpHead amqp =
                    AmqpHead.start(
                            new AmqpHeadConfig(
                                    config.bind(),
                                    config.head(Head.AMQP).port(),
                                    tls(),
                                    config.messageMaxBytes(),
                                    config.maxConnections(),
                                    config.channelMax(),
                                    config.transactionMaxBytes(),
                                    Set.copyOf(config.loopbackUsers()),
                                    config.nodeId()),
                            core.messaging(),
                            authenticator,
                            core.platform(),
                            alarm);
            parts.add(amqp);
            bound.accept(Head.AMQP, amqp.port());
            listeners.add(new NodeFacts.Listener("amqp", config.bind(), amqp.port()));
            if (amqp.tlsPort() > 0) {
                bound.accept(Head.AMQPS, amqp.tlsPort());
                listeners.add(new NodeFacts.Listener("amqp/ssl", config.bind(), amqp.tlsPort()));
            }
        }
        RabbitHeadConfig management = management(listeners);
        if (config.head(Head.RABBITMQ).enabled()) {
            RabbitHead head =
                    RabbitHead.start(
                            management,
                            core.messaging(),
                            core.access(),
                            authenticator,
                            adminUrl,
                            core.platform().clock(),
                            vertx);
            parts.add(head);
            bound.accept(Head.RABBITMQ, head.port());
            listeners.add(new NodeFacts.Listener("http", config.bind(), head.port()));
        }
        if (config.head(Head.RABBITMQ_METRICS).enabled()) {
            RabbitMetricsHead head =
                    RabbitMetricsHead.start(
                            web.apply(Head.RABBITMQ_METRICS, config.bodyMaxBytes()),
                            management,
                            core.messaging(),
                            authenticator,
                            vertx);
            parts.add(head);
            bound.accept(Head.RABBITMQ_METRICS, head.port());
            listeners.add(new NodeFacts.Listener("http/prometheus", config.bind(), head.port()));
        }
    }

    private AmqpHeadConfig.@Nullable Tls tls() {
        NodeConfig.Tls tls = config.tls();
        NodeConfig.HeadConfig head = config.head(Head.AMQPS);
        return tls == null || !head.enabled()
                ? null
                : new AmqpHeadConfig.Tls(
                        head.port(), tls.certificate(), tls.key(), clientCertificates());
    }

    private AmqpHeadConfig.@Nullable ClientCertificates clientCertificates() {
        NodeConfig.ClientCertificates clients = config.clientCertificates();
        return clients == null
                ? null
                : new AmqpHeadConfig.ClientCertificates(
                        clients.ca(),
                        clients.required(),
                        clients.byCommonName()
                                ? AmqpHeadConfig.LoginName.COMMON_NAME
                                : AmqpHeadConfig.LoginName.DISTINGUISHED_NAME);
    }

    private RabbitHeadConfig management(List<NodeFacts.Listener> listeners) {
        long startedMs = core.platform().clock().wallMs();
        return new RabbitHeadConfig(
                web.apply(Head.RABBITMQ, MANAGEMENT_BODY_BYTES),
                !config.beyondLoopback(),
                "rabbit@" + config.nodeId(),
                core.groups().clusterId(),
                RABBIT_VERSION,
                VersionCommand.version(),
                config.messageMaxBytes(),
                () -> facts(startedMs, listeners));
    }

    private NodeFacts facts(long startedMs, List<NodeFacts.Listener> listeners) {
        MemoryAlarm memory = alarm.memory();
        return new NodeFacts(
                startedMs,
                memory.usedBytes(),
                memory.limitBytes(),
                memory.low(),
                freeBytes(),
                config.journal().watermarkBytes(),
                alarm.diskLow(),
                core.isReady(),
                listeners);
    }

    private long freeBytes() {
        try {
            return core.platform().disk().usableBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
