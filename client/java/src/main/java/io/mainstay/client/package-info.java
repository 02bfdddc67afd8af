/// The Java client of Mainstay's registry: registers instances, and keeps views of services that are pushed to it.
///
/// Begin with [io.mainstay.client.MainstayClient]. What is in `internal` may change at any time.
@NullMarked
package io.mainstay.client;

import org.jspecify.annotations.NullMarked;
