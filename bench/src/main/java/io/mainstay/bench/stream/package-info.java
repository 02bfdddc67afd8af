/// A client of the streaming protocol that costs next to nothing, so that one process can play ten thousand of them beside the server
/// that is measured.
///
/// ```
/// StreamLoop (one selector) → Line (one TCP connection, counted) → StreamLine (HTTP/2 and gRPC by hand)
/// ```
/// One stream of a connection, no table of headers, no TLS. Start with [StreamLine].
@NullMarked
package io.mainstay.bench.stream;

import org.jspecify.annotations.NullMarked;
