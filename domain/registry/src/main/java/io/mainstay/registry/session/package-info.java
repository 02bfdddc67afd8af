/// Streaming clients: one connection of a process holds the leases of all its instances.
///
/// A [Session] outlives its connection by a grace in which the client may come back; then its instances are evicted at once, because a
/// connection that the client's machine closed is evidence of death, not silence. Silence itself is the business of the leases, as for
/// every other client. Sessions are soft state of this node: after its restart a client opens another one, and what it registers again
/// unchanged is kept as it is. Start with [Sessions].
@NullMarked
package io.mainstay.registry.session;

import org.jspecify.annotations.NullMarked;
