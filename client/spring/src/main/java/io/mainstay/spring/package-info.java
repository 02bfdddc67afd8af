/// The registry for Spring Cloud applications: discovery, registration and load balancing, as far as the lines of
/// Spring Boot agree. What differs between them (health) is in the starter of each line.
///
/// Nothing here names a class that moved between Boot 3 and Boot 4: ports are read from the environment, not
/// from the web server's event. Begin with [MainstayClientAutoConfiguration].
@NullMarked
package io.mainstay.spring;

import org.jspecify.annotations.NullMarked;
