/// The demo: a node, a small shop of stock Spring Cloud services on it, which send orders through its queues, and a table of
/// what happened.
///
/// [Demo] reads the options, [Story] is the order of events, [Shop] the services, [OrderLoad] the
/// customers, [Books] what became of orders, [Report] the table. The same story can be told on a Spring Eureka server, to compare.
@NullMarked
package io.mainstay.demo;

import org.jspecify.annotations.NullMarked;
