/// Who is alive: leases, which are soft state of the leader, and the decision to evict. Start with [LeaseDecider].
@NullMarked
package io.mainstay.registry.lease;

import org.jspecify.annotations.NullMarked;
