/// What the heads that speak HTTP share: one listener with limits and TLS, bodies, credentials.
///
/// A connection belongs to one event loop for life and nothing on it blocks; a head is a handler of requests that runs there. Everything that
/// a stranger sends has a bound here, before a head sees it. Start with [WebServer].
@NullMarked
package io.mainstay.head.web;

import org.jspecify.annotations.NullMarked;
