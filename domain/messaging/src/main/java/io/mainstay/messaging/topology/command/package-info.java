/// What goes to the log of `meta` when the topology changes. Start with [TopologyCommand]; its bytes are [TopologyCommandCodec].
@NullMarked
package io.mainstay.messaging.topology.command;

import org.jspecify.annotations.NullMarked;
