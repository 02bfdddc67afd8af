package io.mainstay.head.rabbitmq;

import io.mainstay.head.web.WebServerConfig;

import java.util.function.Supplier;

/// What the head tells of the node, and its bounds.
///
/// @param web where it listens; `web.head()` is `rabbitmq`
/// @param loopback whether only this machine can reach the node
/// @param node the node's name in the form of RabbitMQ's, `rabbit@host`
/// @param cluster the cluster's name
/// @param rabbitVersion the version of RabbitMQ that clients are told: they choose by it what they ask for
/// @param version Mainstay's own
/// @param maxMessageBytes of one message that is published here
/// @param alarm why publishers are held back at this moment, as AMQP's clients are told; empty: they are not
/// @param facts asked anew for each answer; must not block
public record RabbitHeadConfig(
        WebServerConfig web,
        boolean loopback,
        String node,
        String cluster,
        String rabbitVersion,
        String version,
        int maxMessageBytes,
        Supplier<String> alarm,
        Supplier<NodeFacts> facts) {}
