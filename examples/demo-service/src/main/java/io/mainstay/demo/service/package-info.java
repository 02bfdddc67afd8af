/// A shop's services as a stock Spring Cloud application: nothing of Mainstay is on its class path.
///
/// One program plays order, inventory, payment or notification, chosen by `spring.application.name`.
/// Start with [DemoService].
@NullMarked
package io.mainstay.demo.service;

import org.jspecify.annotations.NullMarked;
