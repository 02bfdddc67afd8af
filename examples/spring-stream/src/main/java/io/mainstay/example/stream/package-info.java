/// Orders over stock Spring Cloud Stream with the binder for RabbitMQ: nothing of Mainstay is on the class path.
///
/// One program plays order or payment, chosen by its profile. Start with [StreamApplication]; destinations, groups and
/// partitions are in `application.yml`.
@NullMarked
package io.mainstay.example.stream;

import org.jspecify.annotations.NullMarked;
