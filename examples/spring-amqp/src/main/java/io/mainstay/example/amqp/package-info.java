/// Orders over stock Spring AMQP: nothing of Mainstay is on the class path.
///
/// One program plays order, payment or notification, chosen by its profiles. Start with [OrdersApplication]; what is
/// declared at the broker is in [Topology].
@NullMarked
package io.mainstay.example.amqp;

import org.jspecify.annotations.NullMarked;
