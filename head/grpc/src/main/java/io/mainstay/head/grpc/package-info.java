/// The registry over one long connection, for clients that want to be told: `mainstay.registry.v1` on gRPC.
///
/// ```
/// RegistryStream (one call) ⇄ Session (leases), Subscription (pushes)      bytes: Frames
/// ```
/// A stream is handled on its connection's event loop, one frame at a time; what others have to tell it is sent under its lock. Start
/// with [RegistryStream].
@NullMarked
package io.mainstay.head.grpc;

import org.jspecify.annotations.NullMarked;
