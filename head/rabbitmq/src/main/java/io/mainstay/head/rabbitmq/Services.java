package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.head.web.RateBook;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.service.MessagingTotals;
import io.mainstay.platform.Clock;

import java.util.function.Supplier;

/// What all calls are made of.
///
/// @param adminUrl where the console is
/// @param totals figures over all queues
/// @param rates figures per second
/// @param metrics for Prometheus
record Services(
        RabbitHeadConfig config,
        Messaging messaging,
        Access access,
        Supplier<String> adminUrl,
        Clock clock,
        MessagingTotals totals,
        RateBook rates,
        RabbitMetrics metrics) {

    TopologyView view() {
        return messaging.topology().view();
    }
}
