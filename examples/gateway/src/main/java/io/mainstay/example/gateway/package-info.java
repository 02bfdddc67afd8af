/// Calls the shop's services by name in the two other ways of Spring Cloud: as a gateway (`lb://`) and with Feign.
///
/// Start with [Gateway].
@NullMarked
package io.mainstay.example.gateway;

import org.jspecify.annotations.NullMarked;
