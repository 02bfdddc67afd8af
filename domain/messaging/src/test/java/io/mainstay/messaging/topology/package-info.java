/// Tests of the topology share [Machines].
@NullMarked
package io.mainstay.messaging.topology;

import org.jspecify.annotations.NullMarked;
