/// RabbitMQ's management API over HTTP, and its metrics: what `rabbitmqadmin`, Hop, Terraform and dashboards speak. Start at [RabbitHead]; the routes are
/// in the classes that end with `Calls`, the JSON of RabbitMQ in [Shapes].
@NullMarked
package io.mainstay.head.rabbitmq;

import org.jspecify.annotations.NullMarked;
