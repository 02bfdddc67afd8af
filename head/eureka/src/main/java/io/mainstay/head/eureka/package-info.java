/// Eureka's REST protocol, as its stock clients speak it: bytes to calls of the registry and back, nothing else.
///
/// Two dialects come in (Netflix's and Spring's), one goes out: the legacy shape, because Spring's decoder fails on any field that it does
/// not know. All of it runs on the connection's event loop; only large bodies are assembled on a worker. Start with [EurekaHead]; the way of a
/// request is [EurekaPath], [EurekaCalls], then [EurekaChanges] or [EurekaReads].
@NullMarked
package io.mainstay.head.eureka;

import org.jspecify.annotations.NullMarked;
