/// Links between the nodes of a cluster, over TCP. Start with [TcpPeerLink].
///
/// A node sends on connections that it opened and receives on those that others opened to it, so nobody has to agree on which of two
/// connections is the one. There is no encryption and no proof of who calls yet: loopback only.
@NullMarked
package io.mainstay.kernel.peer;

import org.jspecify.annotations.NullMarked;
