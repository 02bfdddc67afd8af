/// What heads call. Start with [TopologyService].
@NullMarked
package io.mainstay.messaging.topology.service;

import org.jspecify.annotations.NullMarked;
