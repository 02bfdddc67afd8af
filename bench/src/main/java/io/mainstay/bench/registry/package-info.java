/// `./mainstay bench registry`: a node beside real Spring Eureka servers and beside the least that any server needs.
@NullMarked
package io.mainstay.bench.registry;

import org.jspecify.annotations.NullMarked;
