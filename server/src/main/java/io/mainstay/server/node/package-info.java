/// Puts a node together: platform, journal, raft groups, domains, heads, in this order, and ends them in the reverse. Start with
/// [io.mainstay.server.node.Node].
@NullMarked
package io.mainstay.server.node;

import org.jspecify.annotations.NullMarked;
