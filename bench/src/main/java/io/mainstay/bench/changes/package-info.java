/// How long it takes until everybody knows: one change, many subscribers, each with a connection of its own.
///
/// [Discovery] is what is asked of each system, [StreamDiscovery], [ZooKeeperDiscovery] and [PolledDiscovery] are the systems, [Sighting] is
/// the stop watch.
@NullMarked
package io.mainstay.bench.changes;

import org.jspecify.annotations.NullMarked;
