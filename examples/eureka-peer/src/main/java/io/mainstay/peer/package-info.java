/// The real Spring Eureka server, started beside Mainstay to compare answers and figures.
@NullMarked
package io.mainstay.peer;

import org.jspecify.annotations.NullMarked;
