/// The topology as the log made it. Start with [TopologyMachine].
@NullMarked
package io.mainstay.messaging.topology.state;

import org.jspecify.annotations.NullMarked;
