package io.mainstay.head.amqp;

import io.mainstay.head.web.Authenticator;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.platform.Clock;

/// What all connections of the head share.
record Shared(
        AmqpHeadConfig config,
        Messaging messaging,
        Authenticator authenticator,
        Clock clock,
        PublishAlarm alarm,
        DirectReplies replies,
        OpenConnections open,
        DeliveriesInHand inHand,
        Quotas quotas) {}
